import type { World } from './behaviour.ts';

const NAMES = ['GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION'] as const;

/** Endpoints that are looked at just now: several suites run side by side, in one environment. */
const endpoints: string[] = [];
let before: readonly (string | undefined)[] = [];

/** Lets Google's clients find a metadata server, that of the endpoint or of one looked at beside it, until the behaviours have been looked at. */
export function useMetadata(world: World, endpoint: string): void {
  if (endpoints.length === 0) before = NAMES.map((name) => process.env[name]);
  endpoints.push(endpoint);
  set([endpoint, 'assume-present']);
  world.onEnd(async () => {
    endpoints.splice(endpoints.indexOf(endpoint), 1);
    const last = endpoints.at(-1);
    set(last === undefined ? before : [last, 'assume-present']);
  });
}

function set(values: readonly (string | undefined)[]): void {
  for (const [at, name] of NAMES.entries()) {
    const value = values[at];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
