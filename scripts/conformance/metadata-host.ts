import type { World } from './behaviour.ts';

/** Lets Google's clients find the metadata server at the endpoint, until the behaviours have been looked at. */
export function useMetadata(world: World, endpoint: string): void {
  const wanted = { GCE_METADATA_HOST: endpoint, METADATA_SERVER_DETECTION: 'assume-present' };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, wanted);
  world.onEnd(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
