import type { LocalClock } from '../local/plumbing/clock.ts';

/** Where the behaviours are looked for: the local cloud, another endpoint, or Google Cloud itself. */
export interface World {
  readonly project: string;
  readonly region: string;
  /** `host:port` of an endpoint without TLS that serves every service; undefined is Google Cloud, by the caller's credentials. */
  readonly endpoint: string | undefined;
  /** The clock of the local cloud, which can be advanced; undefined elsewhere: those wait. */
  readonly clock: LocalClock | undefined;
  /** A name that nothing has had before, fit for every service: lower case letters, digits and hyphens, at most 40. */
  name(prefix: string): string;
  /** Calls it when the behaviours of the service have been looked at, last first. */
  onEnd(clean: () => Promise<unknown>): void;
}

/** One thing that a method does, as its official client sees it. */
export interface Behaviour {
  /** As the API's reference names it: `Commit`, `objects.insert`. */
  readonly method: string;
  /** A sentence that goes on from the method's name: `refuses a document of more than 1 MiB`. */
  readonly title: string;
  /** Fails by throwing. Never depends on another behaviour. */
  readonly check: () => Promise<void>;
}

/** The behaviours of a service, in a file or several. */
export interface Suite {
  readonly service: string;
  readonly behaviours: readonly Behaviour[];
}

/** Makes the clients and resources of a service's suite and gives what is to be checked with them. */
export type OpenSuite = (world: World) => Promise<Suite>;

/** Collects behaviours: `const { method, all } = collector(); method('Commit', { 'creates a document': async () => … })`. */
export function collector(): {
  method(name: string, checks: Readonly<Record<string, () => Promise<void>>>): void;
  readonly all: readonly Behaviour[];
} {
  const all: Behaviour[] = [];
  return {
    method(name, checks) {
      for (const [title, check] of Object.entries(checks)) all.push({ method: name, title, check });
    },
    all,
  };
}
