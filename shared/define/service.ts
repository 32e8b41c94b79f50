import type { Platform } from '../platform/platform.ts';
import type { Bucket, Collection, PullSubscription, Queue, Secret, Table, Topic, View } from './resources.ts';

/** What a service touches: from it follow the roles of the functions that use the service. */
export interface Use {
  readonly resource: Bucket | Collection | PullSubscription | Queue | Secret | Table | Topic | View;
  readonly access: 'read' | 'write';
}

/** Something that handlers are given, made on first use in an instance. */
export interface ServiceDeclaration<T = unknown> {
  readonly uses: readonly Use[];
  /** Whether it signs with the key of the function's own account, which that must be allowed to. */
  readonly signs?: boolean;
  make(platform: Platform): T;
}

export type ServiceDeclarations = Readonly<Record<string, ServiceDeclaration>>;

/** The services a handler is given, by the names of their declarations. */
export type ServicesOf<D extends ServiceDeclarations> = {
  readonly [K in keyof D]: D[K] extends ServiceDeclaration<infer T> ? T : never;
};

/** Declares a service; `make` has no effect before a handler first reaches for it. */
export function defineService<T>(uses: readonly Use[], make: (platform: Platform) => T): ServiceDeclaration<T> {
  return { uses, make };
}

/** Read and write access to a resource are declared in a word. */
export const reads = (resource: Use['resource']): Use => ({ resource, access: 'read' });
export const writes = (resource: Use['resource']): Use => ({ resource, access: 'write' });
