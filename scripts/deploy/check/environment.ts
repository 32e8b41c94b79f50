import { nearest } from '../../../schemas/problems.ts';
import { ConfigurationError, readConfiguration, settings } from '../../../shared/platform/configuration.ts';
import { closureOf } from './closure.ts';
import type { TerraformBlock } from './read-terraform.ts';

const known = Object.values(settings).map(({ variable }): string => variable);

/** Variables that functions are given and do not read, and the way to set the others, if there is none. */
export function checkEnvironment(blocks: readonly TerraformBlock[]): string[] {
  const told = toldBy(blocks);
  if (told.length === 0) return ['functions are told nothing: no variable of their environment was found'];
  const strange = told.filter((name) => !known.includes(name)).map((name) => `no function reads the variable ${name}`);
  const { names } = closureOf(servicesOf(blocks), blocks);
  return names.has('var.configuration') ? strange : [...strange, 'functions are not told what var.configuration sets'];
}

/** What the `configuration` of a file of values sets that no function reads, cannot be read, or follows from elsewhere. */
export function checkConfiguration(
  blocks: readonly TerraformBlock[],
  file: string,
  given: Readonly<Record<string, unknown>>,
): string[] {
  const told = toldBy(blocks);
  return Object.entries(given).flatMap(([name, value]) => {
    const where = `${file}: configuration: ${name}`;
    if (!known.includes(name)) {
      const like = nearest(name, known);
      return [`${where} is read by no function${like === undefined ? '' : `: did you mean ${like}?`}`];
    }
    if (told.includes(name)) return [`${where} follows from other variables, which are to be set instead`];
    const problem = problemOf(name, String(value));
    return problem === undefined ? [] : [`${where}: ${problem}`];
  });
}

function problemOf(name: string, value: string): string | undefined {
  try {
    readConfiguration({ [name]: value });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message.split('\n').at(-1)?.trim();
  }
}

const servicesOf = (blocks: readonly TerraformBlock[]) =>
  blocks.filter(({ type }) => type === 'google_cloud_run_v2_service').map(({ body }) => body);

/** The names of the variables that the Terraform files themselves give to functions. */
function toldBy(blocks: readonly TerraformBlock[]): string[] {
  const { text } = closureOf(servicesOf(blocks), blocks);
  return [...new Set([...text.matchAll(/\b([A-Z][A-Z_]{3,})\s*=(?!=)/g)].map(([, name = '']) => name))];
}
