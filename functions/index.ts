import type { AnyFunction } from '../shared/define/function.ts';

/** The registry: every function that is deployed. */
export const functions: readonly AnyFunction[] = [];
