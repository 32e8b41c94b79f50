import { bundleFunction } from './bundle.ts';
import { Clients } from './clients.ts';
import { ContractCompiler } from './contracts.ts';
import { replaceFolder } from './folders.ts';
import type { Freshness } from './freshness.ts';

/** What bundles are made from, and where what they share goes. */
export interface RebuildOptions {
  readonly project: string;
  readonly clients: string;
  readonly minify: boolean;
  readonly freshness: Freshness;
}

/** Makes the folders of functions anew, by their names; each is there with what it was made of, or as it was before. */
export async function rebuild(
  folders: readonly (readonly [name: string, folder: string])[],
  { project, clients: shared, minify, freshness }: RebuildOptions,
): Promise<void> {
  const contracts = new ContractCompiler(project);
  const clients = new Clients(project, shared, freshness);
  await Promise.all(
    folders.map(async ([name, folder]) => {
      await replaceFolder(folder, async (made) => {
        freshness.record(made, await bundleFunction({ name, folder: made, minify, project, contracts, clients }));
      });
    }),
  );
}
