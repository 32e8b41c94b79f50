import type { OpenSuite } from './behaviour.ts';

/** The suites, by the services that they look at, in the order in which they are told of. */
export const suites: Readonly<Record<string, OpenSuite>> = {};
