import { join } from 'node:path';
import { runs } from '../../../functions/runs/index.ts';
import { defineFunction } from '../../../shared/define/function.ts';
import { http } from '../../../shared/define/trigger.ts';
import { route } from '../../../shared/http/route.ts';
import { bundleFunction } from '../../deploy/build/bundle.ts';
import { Clients } from '../../deploy/build/clients.ts';
import { ContractCompiler } from '../../deploy/build/contracts.ts';
import { replaceFolder } from '../../deploy/build/folders.ts';
import { Freshness } from '../../deploy/build/freshness.ts';
import { PROJECT } from '../../deploy/build.ts';
import { OUTSIDE } from './outside.ts';

const at = (method: 'GET' | 'POST', path: string) =>
  route({
    ...{ method, path, summary: '', access: 'public', answers: {} },
    handle: () => Promise.reject(new Error('is served by bare-server.ts')),
  });

const bare = (name: string, base: string) =>
  defineFunction({
    name,
    summary: 'Answers without the manners of the API.',
    trigger: http([
      at('GET', `${base}/constant`),
      at('POST', `${base}/constant`),
      at('GET', `${base}/runs/:id`),
      at('POST', `${base}/runs`),
    ]),
    services: runs.services,
  });

/**
 * What the host needs to know of `bare-server.ts`, to route requests to it as to any function: as the Functions Framework
 * runs it, and outside of the domain that the framework opens for each request, as ours are.
 */
export const bareFunctions = [bare('bench-api', '/bench'), bare(OUTSIDE, '/bench-outside')] as const;

/** Bundles them as functions are; gives their folder. */
export async function bundleBare(): Promise<string> {
  const { name } = bareFunctions[0];
  const folder = join(PROJECT, '.build', name);
  const freshness = new Freshness(PROJECT, 'bench');
  await replaceFolder(folder, async (made) => {
    await bundleFunction({
      ...{ name, folder: made, project: PROJECT, minify: false },
      entry: "import './scripts/bench/api/bare-server.ts';",
      contracts: new ContractCompiler(PROJECT),
      clients: new Clients(PROJECT, join(PROJECT, '.build', '.clients'), freshness),
    });
  });
  return folder;
}
