import type { Base } from '../platform/platform.ts';
import type { Secret } from './resources.ts';
import type { ServiceDeclarations, ServicesOf } from './service.ts';
import type { InputOf, Trigger } from './trigger.ts';

/** Limits of a function's instances, as Cloud Run names them. */
export interface Limits {
  readonly memory: '256Mi' | '512Mi' | '1Gi' | '2Gi' | '4Gi';
  readonly cpu: number;
  /** Requests that one instance takes at a time. */
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly minInstances: number;
  readonly maxInstances: number;
}

/** A function of the suite, as it is declared: all that is deployed, routed and documented follows from it. */
export interface FunctionDeclaration<T extends Trigger = Trigger, S extends ServiceDeclarations = ServiceDeclarations>
  extends Limits {
  readonly kind: 'function';
  /** Kebab-case; its folder and its deployed name. */
  readonly name: string;
  readonly summary: string;
  readonly trigger: T;
  readonly secrets: readonly Secret[];
  readonly services: S;
  /** Absent for HTTP functions: their routes handle. */
  readonly handle?: (input: InputOf<T>, services: ServicesOf<S> & Base) => Promise<void>;
}

const defaults: Limits = {
  memory: '512Mi',
  cpu: 1,
  concurrency: 80,
  timeoutSeconds: 60,
  minInstances: 0,
  maxInstances: 100,
};

/** Declares a function. Importing a declaration has no effect: no client, no environment read, no browser. */
export function defineFunction<T extends Trigger, S extends ServiceDeclarations>(
  declaration: Pick<FunctionDeclaration<T, S>, 'name' | 'summary' | 'trigger' | 'services'> &
    Partial<Omit<FunctionDeclaration<T, S>, 'kind'>>,
): FunctionDeclaration<T, S> {
  return { kind: 'function', secrets: [], ...defaults, ...declaration } as FunctionDeclaration<T, S>;
}

/** A function of any trigger and services, as the registry holds it. */
// biome-ignore lint/suspicious/noExplicitAny: handlers of different inputs share one registry
export type AnyFunction = FunctionDeclaration<any, any>;
