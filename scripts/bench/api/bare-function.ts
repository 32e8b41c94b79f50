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

const at = (method: 'GET' | 'POST', path: string) =>
  route({
    ...{ method, path, summary: '', access: 'public', answers: {} },
    handle: () => Promise.reject(new Error('is served by bare-server.ts')),
  });

/** What the host needs to know of `bare-server.ts`, to route requests to it as to any function. */
export const bareFunction = defineFunction({
  name: 'bench-api',
  summary: 'Answers without the manners of the API.',
  trigger: http([
    at('GET', '/bench/constant'),
    at('POST', '/bench/constant'),
    at('GET', '/bench/runs/:id'),
    at('POST', '/bench/runs'),
  ]),
  services: runs.services,
});

/** Bundles it as functions are; gives its folder. */
export async function bundleBare(): Promise<string> {
  const folder = join(PROJECT, '.build', bareFunction.name);
  const freshness = new Freshness(PROJECT, 'bench');
  await replaceFolder(folder, async (made) => {
    await bundleFunction({
      ...{ name: bareFunction.name, folder: made, project: PROJECT, minify: false },
      entry: "import './scripts/bench/api/bare-server.ts';",
      contracts: new ContractCompiler(PROJECT),
      clients: new Clients(PROJECT, join(PROJECT, '.build', '.clients'), freshness),
    });
  });
  return folder;
}
