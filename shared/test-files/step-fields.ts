import { schemaOf, valueFor } from './command-fields.ts';
import type { Entry, Located } from './located.ts';
import { type Place, plain } from './located.ts';
import type { Fields } from './read-shape.ts';
import type { Report } from './report.ts';
import { point, size } from './shapes.ts';

/** Sets a field of a step that is being read; a second time is an error. */
export function setField(
  fields: Fields,
  field: string,
  value: unknown,
  { at, key }: { readonly at: Place; readonly key: string },
  report: Report,
): void {
  if (fields.has(field))
    report.error('same-field', `'${key}' says again what the step says already`, at, 'Keep one of them.');
  else fields.set(field, { value, at });
}

/** `800x600` and `10,20` are two fields in one text; anything else is one. */
export function setValue(
  command: string,
  field: string | undefined,
  entry: Entry,
  fields: Fields,
  report: Report,
): boolean {
  const { key, value } = entry;
  const set = (name: string, given: unknown): void => setField(fields, name, given, { at: value, key }, report);
  for (const [name, number] of Object.entries(numbersIn(command, value) ?? {})) set(name, Number(number));
  if (numbersIn(command, value)) return true;
  const chosen = alternativeFor(command, value) ?? field;
  if (chosen === undefined) return false;
  set(chosen, valueFor(command, chosen, value));
  return true;
}

function numbersIn(command: string, value: Located): Record<string, string> | undefined {
  const { properties } = schemaOf(command);
  const shape =
    'width' in properties && 'height' in properties ? size : 'x' in properties && 'y' in properties ? point : undefined;
  if (shape?.shape !== 'parts' || value.kind !== 'scalar') return undefined;
  return shape.pattern.exec(value.written)?.groups;
}

/** Tabs and frames are named in several ways, each of a kind of its own. */
function alternativeFor(command: string, value: Located): string | undefined {
  const given = plain(value);
  const isIndex = typeof given === 'number' || (typeof given === 'string' && /^\d+$/.test(given));
  if (command === 'window.switch-tab')
    return isIndex ? 'index' : /^(?:next|prev)$/.test(String(given)) ? 'direction' : 'title';
  if (command === 'window.switch-frame') return isIndex ? 'index' : 'target';
  return undefined;
}
