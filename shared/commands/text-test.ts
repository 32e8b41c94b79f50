import { asPattern } from './comparisons.ts';

/** A test of text for containing the words, or for fitting them when they are a pattern between slashes. */
export function textTest(given: string): (text: string) => boolean {
  if (!/^\/.+\/[dimsuvy]*$/s.test(given)) return (text) => text.includes(given);
  const pattern = asPattern(given);
  return (text) => pattern.test(text);
}
