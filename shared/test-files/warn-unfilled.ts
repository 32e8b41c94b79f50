import { type Draft, placeOf } from './draft.ts';
import type { Report } from './report.ts';

const used = /\{\{\s*\$?([^{}]+?)\s*\}\}|\$\{ENV:[^}]+\}/g;
const made = /^(timestamp|uuid|random\.int\(.*\))$/;

/** Tells of variables and rows that hold variables themselves: steps have them filled in, values stay as they are. */
export function warnOfUnfilled(draft: Draft, names: readonly string[], report: Report): void {
  const { variables, data } = draft.definition;
  const columns = new Set(data.flatMap((row) => Object.keys(row)));
  const isKnown = (name: string): boolean => {
    const [first = ''] = name.split('.');
    return (
      made.test(name) ||
      first === 'row' ||
      [first, name].some((one) => Object.hasOwn(variables, one) || columns.has(one))
    );
  };
  const within = (value: unknown): string | undefined =>
    textsIn(value)
      .flatMap((text) => [...text.matchAll(used)])
      .find(([, name]) => name === undefined || isKnown(name))?.[0];
  const tell = (what: string, found: string | undefined, pointer: string, asKey: boolean): void => {
    if (found === undefined) return;
    const message = `${what} holds ${found} as it is written: only steps have variables filled in`;
    report.warn('unfilled-variable', message, placeOf(draft, pointer, asKey), `Write ${found} into the steps.`);
  };
  for (const name of names) {
    const pointer = `/variables/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    tell(`the variable '${name}'`, within(variables[name]), pointer, true);
  }
  for (const column of columns) tell(`the column '${column}'`, within(data.map((row) => row[column])), '/data', false);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
