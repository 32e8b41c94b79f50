import type { Route } from '../http/route.ts';
import { apiKeysCollection, cacheCollection, usersCollection } from '../resources/collections.ts';
import { addressHashKeySecret, apiKeySecret, encryptionKeySecret, tokenKeySecret } from '../resources/secrets.ts';
import { deadLetters, systemEvents } from '../resources/topics.ts';
import type { AnyFunction } from './function.ts';
import { reads, type ServiceDeclarations, type Use, writes } from './service.ts';

/** Everything that a function touches: what its services declare, its secrets, and what its trigger's kind brings along. */
export function usesOf(declaration: AnyFunction): Use[] {
  const services = Object.values(declaration.services as ServiceDeclarations).flatMap((service) => service.uses);
  const http = declaration.trigger.kind === 'http' ? usesOfRoutes(declaration.trigger.routes) : [];
  const buried = ['topic', 'task'].includes(declaration.trigger.kind) ? [writes(deadLetters)] : [];
  const secrets = declaration.secrets.map(reads);
  const unique = new Map(
    [...services, ...http, ...buried, ...secrets].map((use) => [
      `${use.access} ${use.resource.kind} ${use.resource.name}`,
      use,
    ]),
  );
  return [...unique.values()];
}

/** Callers are authenticated and limited, requests recorded, and the answers to those with an idempotency key kept, encrypted. */
function usesOfRoutes(routes: readonly Pick<Route, 'method' | 'access'>[]): Use[] {
  const changing = routes.some(({ method }) => method === 'POST' || method === 'PATCH');
  const closed = routes.some(({ access }) => access !== 'public');
  return [
    reads(apiKeySecret),
    reads(addressHashKeySecret),
    ...(closed
      ? [reads(tokenKeySecret), writes(apiKeysCollection), reads(usersCollection), writes(cacheCollection)]
      : []),
    writes(systemEvents),
    ...(changing ? [reads(encryptionKeySecret)] : []),
  ];
}
