import { apiKeySecret } from '../resources/secrets.ts';
import { deadLetters, systemEvents } from '../resources/topics.ts';
import type { AnyFunction } from './function.ts';
import { reads, type ServiceDeclarations, type Use, writes } from './service.ts';

/** Everything that a function touches: what its services declare, its secrets, and what its trigger's kind brings along. */
export function usesOf(declaration: AnyFunction): Use[] {
  const services = Object.values(declaration.services as ServiceDeclarations).flatMap((service) => service.uses);
  const http = declaration.trigger.kind === 'http' ? [reads(apiKeySecret), writes(systemEvents)] : [];
  const topic = declaration.trigger.kind === 'topic' ? [writes(deadLetters)] : [];
  const secrets = declaration.secrets.map(reads);
  const unique = new Map(
    [...services, ...http, ...topic, ...secrets].map((use) => [
      `${use.access} ${use.resource.kind} ${use.resource.name}`,
      use,
    ]),
  );
  return [...unique.values()];
}
