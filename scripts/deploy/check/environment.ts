import { settings } from '../../../shared/platform/configuration.ts';
import type { TerraformBlock } from './read-terraform.ts';

/** Variables that functions are given and do not read. */
export function checkEnvironment(blocks: readonly TerraformBlock[]): string[] {
  const services = blocks.filter(({ type }) => type === 'google_cloud_run_v2_service');
  const text = JSON.stringify(services.map(({ body }) => body));
  const given = new Set([...text.matchAll(/"([A-Z][A-Z_]{3,})":/g)].map(([, name = '']) => name));
  const known = Object.values(settings).map(({ variable }): string => variable);
  if (given.size === 0) return ['functions are told nothing: no variable of their environment was found'];
  return [...given].filter((name) => !known.includes(name)).map((name) => `no function reads the variable ${name}`);
}
