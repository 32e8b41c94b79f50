import { nearest } from '../../schemas/problems.ts';
import { type Entry, isNothing, kindOf, type Located } from './located.ts';
import type { Report } from './report.ts';
import { type Shape, written } from './shapes.ts';
import { fold } from './suit-shape.ts';
import type { Claim } from './vocabulary.ts';

/** Says why a value means nothing to any of the commands that share its key. */
export function reportNoFit({ key, at, value }: Entry, claims: readonly Claim[], report: Report) {
  const forms = [...new Set(claims.map(({ shape }) => written(shape)))];
  const takes = forms.length > 8 ? `${forms.slice(0, 8).join(' | ')} | …` : forms.join(' | ');
  if (isNothing(value)) return report.error('missing-value', `'${key}' has no value`, at, `Write ${key}: ${takes}`);
  if (value.kind === 'mapping' && reportVariant(key, value, claims, report)) return;
  const attribute = selectorInBrackets(value);
  const hint = attribute ? `If it is a selector, quote it: '${attribute}'` : `Write ${key}: ${takes}`;
  report.error('wrong-value', `'${key}' does not take ${kindOf(value)}`, value, hint);
}

/** `[data-id=1]` without quotes is a list of one text. */
function selectorInBrackets(value: Located): string | undefined {
  const [first, second] = value.kind === 'list' ? value.items : [];
  return first?.kind === 'scalar' && !second ? `[${first.written}]` : undefined;
}

/** The key that chooses among commands is missing, or says something unknown. */
function reportVariant(
  key: string,
  value: Extract<Located, { kind: 'mapping' }>,
  claims: readonly Claim[],
  report: Report,
): boolean {
  const whens = claims.flatMap(({ shape }) => whenOf(shape));
  const first = whens[0];
  if (!first) return false;
  const known = [...new Set(whens.flatMap(({ values }) => values))];
  const given = value.entries.find((entry) => whens.some(({ names }) => names.includes(entry.key)));
  if (!given) {
    report.error('missing-key', `'${key}' needs '${first.names[0]}'`, value, `One of ${known.join(', ')}.`);
    return true;
  }
  const word = given.value.kind === 'scalar' ? fold(given.value.written) : '';
  const near = nearest(word, known);
  const hint = near ? `Did you mean '${near}'?` : `One of ${known.join(', ')}.`;
  report.error('unknown-variant', `'${word}' is not a '${given.key}' of '${key}'`, given.value, hint);
  return true;
}

function whenOf(shape: Shape): { names: readonly string[]; values: readonly string[] }[] {
  return shape.shape === 'keys' && shape.when ? [shape.when] : [];
}
