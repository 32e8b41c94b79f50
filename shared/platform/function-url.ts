import type { Configuration } from './configuration.ts';

/** Stands in FUNCTIONS_URL where the function's name goes to. */
export const FUNCTION_PLACE = '{function}';

/** Where a function of the suite is reached; also the audience of the identity tokens that it is called with. */
export function functionUrl({ functionsUrl }: Pick<Configuration, 'functionsUrl'>, name: string): string {
  return functionsUrl.includes(FUNCTION_PLACE) ? functionsUrl.replace(FUNCTION_PLACE, name) : `${functionsUrl}/${name}`;
}
