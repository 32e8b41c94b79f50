import { invalid } from './errors.ts';

const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const MOST = 64;

/**
 * Checks the labels of a resource or of a change to one, where NULL removes a label.
 * @throws HttpError invalid for a key or a value that breaks the rules, and for more than 64.
 */
export function checkLabels(labels: unknown): void {
  if (labels === undefined || labels === null) return;
  const pairs = Object.entries(labels as Record<string, unknown>);
  if (pairs.length > MOST) throw invalid(`A resource has at most ${MOST} labels.`);
  for (const [key, value] of pairs) {
    if (!KEY.test(key))
      throw invalid(`Invalid label key "${key}": it begins with a lower case letter; letters, digits, _ and - follow.`);
    if (value !== null && !(typeof value === 'string' && VALUE.test(value)))
      throw invalid(
        `Invalid value of the label ${key}: "${String(value)}" is not lower case letters, digits, _ and -.`,
      );
  }
}
