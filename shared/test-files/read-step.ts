import { nearest } from '../../schemas/problems.ts';
import { readCanonicalStep } from './canonical-step.ts';
import { assemble, type ReadStep } from './draft.ts';
import { type FormName, wordsOf } from './forms.ts';
import { readInner } from './inner-steps.ts';
import { type Entry, entryOf, type Located, type Mapping, type Place } from './located.ts';
import { ownerOf, partsBeside, partsOf, together } from './parts-beside.ts';
import { asBranch, isJourneyStep, readArguments } from './read-arguments.ts';
import { loose, readShape } from './read-shape.ts';
import { readTyped } from './read-typed.ts';
import type { Report } from './report.ts';
import { understand } from './sentences.ts';
import { addOption, optionKeys } from './step-options.ts';
import { suits } from './suit-shape.ts';
import { allSentences, type Claim, type KeyedForm, keyOf, vocabularyOf } from './vocabulary.ts';
import { reportNoFit } from './wrong-value.ts';

/** Words with two meanings, and the keys that say which one is meant. */
const ambiguous: Readonly<Record<string, readonly [string, string]>> = {
  check: ["'ch' (the page has it)", "'tick' (switches a checkbox on)"],
};

/** Reads one item of a list of steps: a key with a value, a sentence, a step in canonical form or in the form's own. */
export function readStep(item: Located, form: FormName, report: Report): ReadStep | undefined {
  const before = report.errors;
  const outer = readItem(item, form, report);
  const read = outer && readInner(outer, (inner) => readStep(inner, form, report), report);
  // A step with an error of its own is not checked further: its contract would only tell what follows from the error.
  return report.errors === before ? read : undefined;
}

function readItem(item: Located, formName: FormName, report: Report): ReadStep | undefined {
  const form = wordsOf(formName);
  if (item.kind === 'list') {
    report.error(
      'wrong-value',
      'a step is a key with a value or a sentence, not a list',
      item,
      'Remove the extra dash or brackets.',
    );
    return undefined;
  }
  if (item.kind === 'scalar') return readText(item, form, report);
  if (formName === 'extended' && entryOf(item, 'type')) return readTyped(item, report);
  if (formName === 'journey' && isJourneyStep(item)) return readArguments(item, report);
  const command = entryOf(item, 'command')?.value;
  if (command?.kind === 'scalar') return readCanonicalStep(item, report);
  return readKeyed(formName === 'journey' ? asBranch(item) : item, form, report);
}

function readText(item: Extract<Located, { kind: 'scalar' }>, form: KeyedForm, report: Report): ReadStep | undefined {
  if (item.value === null || item.written.trim() === '') {
    report.error('missing-value', 'the step is empty', item, 'Write an action after the dash, or remove the dash.');
    return undefined;
  }
  const sentence = String(item.value).trim();
  const keyed = /^([\w-]+)(?:\s*:\s*([\s\S]*))?$/.exec(sentence);
  const owner = keyed?.[1] ? formWith(keyed[1], keyed[2] !== undefined, form) : undefined;
  if (keyed?.[1] && owner) {
    const at = { start: item.start, end: item.end };
    return readAction({ key: keyed[1], at, value: loose((keyed[2] ?? '').trim(), at) }, owner, item, report);
  }
  const understood = understand(sentence, item, allSentences());
  if (understood && 'command' in understood) return assemble(understood.command, understood.fields, item);
  if (understood) {
    const message = `the sentence can be read in two ways: where does '${understood.ambiguous}' end?`;
    report.error('ambiguous-sentence', message, item, `Put the parts into quotes, like this: ${understood.example}`);
  } else reportUnknown(sentence, item, report);
  return undefined;
}

/** The form that has the word as a key: the file's own one first. A word without a colon has to be an action by itself. */
function formWith(word: string, colon: boolean, own: KeyedForm): KeyedForm | undefined {
  const forms: KeyedForm[] = own === 'compact' ? ['compact', 'simplified'] : ['simplified', 'compact'];
  return forms.find((form) => {
    const claims = vocabularyOf(form).get(word);
    return claims && (colon || claims.some(({ shape }) => shape.shape === 'nothing'));
  });
}

function reportUnknown(sentence: string, at: Place, report: Report) {
  const verb = (/^[\w'-]+/.exec(sentence)?.[0] ?? '').toLowerCase();
  const two = Object.hasOwn(ambiguous, verb) ? ambiguous[verb] : undefined;
  if (two)
    return report.error(
      'ambiguous-key',
      `'${verb}' can mean two things`,
      at,
      `Write 'see …' (the page has it) or 'tick …' (switches a checkbox on).`,
    );
  const readings = allSentences();
  const meant = nearest(verb, [...new Set(readings.flatMap(({ verbs }) => verbs))]);
  const same = readings.filter(({ verbs }) => meant !== undefined && verbs.includes(meant));
  const examples = [...new Set(same.map(({ example, verbs }) => example.replace(verbs[0] ?? '', meant ?? '')))];
  const shown = examples.length > 0 ? examples : ['click TARGET', 'write TEXT in TARGET', 'see TARGET'];
  report.error(
    'unknown-sentence',
    'the sentence is not understood',
    at,
    `Nearest forms: ${shown.slice(0, 4).join('; ')}.`,
  );
}

/** One key says what the step does; those beside it are options. A name that is both is an option beside an action. */
function readKeyed(item: Mapping, form: KeyedForm, report: Report): ReadStep | undefined {
  const vocabulary = vocabularyOf(form);
  const actions = item.entries.filter(({ key }) => vocabulary.has(key));
  const clear = actions.filter(({ key }) => !optionKeys.includes(key));
  const [action, second] = clear.length > 0 ? clear : actions;
  const claims = (action && vocabulary.get(action.key)) ?? [];
  const parts = action ? partsBeside(action, item, claims) : [];
  const others = item.entries.filter((entry) => entry !== action && !clear.includes(entry) && !parts.includes(entry));
  const unknown = others.filter(({ key }) => !optionKeys.includes(key));
  for (const entry of unknown) reportUnknownKey(entry, action, form, report);
  if (second && action) {
    const message = `a step does one thing: '${action.key}' and '${second.key}' are two`;
    report.error('two-actions', message, second.at, `Start '${second.key}' with a dash of its own.`);
  }
  if (!action) {
    if (unknown.length === 0)
      report.error('missing-action', 'the step does not say what to do', item, `Add an action: ${nearbyKeys(form)}`);
    return undefined;
  }
  if (second || unknown.length > 0) return undefined;
  const read = readAction(together(action, parts, claims), form, item, report);
  for (const entry of read ? others : []) addOption(read, entry, report);
  return read;
}

const nearbyKeys = (form: KeyedForm): string => [...vocabularyOf(form).keys()].slice(0, 8).join(', ');

function reportUnknownKey({ key, at }: Entry, action: Entry | undefined, form: KeyedForm, report: Report) {
  const two = Object.hasOwn(ambiguous, key) ? ambiguous[key] : undefined;
  if (two) return report.error('ambiguous-key', `'${key}' can mean two things`, at, hintFor(two, form));
  if (action) {
    const known = [...partsOf(vocabularyOf(form).get(action.key) ?? []), ...optionKeys];
    const near = nearest(key, known);
    const hint = near ? `Did you mean '${near}'?` : `A step takes these beside its action: ${known.join(', ')}.`;
    return report.error('unknown-key', `unknown key '${key}' beside '${action.key}'`, at, hint);
  }
  report.error('unknown-command', `'${key}' is not an action of the ${form} form`, at, suggestion(key, form));
}

function hintFor(two: readonly [string, string], form: KeyedForm): string {
  if (form === 'compact') return `Write ${two[0]} or ${two[1]}.`;
  return `Write 'assert' (the page has it) or {command: interact.check, target: …} (switches it on); in compact files ${two[0]} or ${two[1]}.`;
}

/** The other form's word, the nearest word of this form, or the command of that name. */
function suggestion(key: string, form: KeyedForm): string {
  const owner = ownerOf(key, vocabularyOf(form));
  if (owner) return `'${key}' is a part of '${owner}': write it in the same step, without a dash of its own.`;
  const others = vocabularyOf(form === 'compact' ? 'simplified' : 'compact');
  const foreign = others.get(key)?.[0] ?? others.get(nearest(key, [...others.keys()]) ?? '')?.[0];
  const own = foreign && keyOf(foreign.command, form);
  const near = nearest(key, [...vocabularyOf(form).keys()]);
  if (near && !others.has(key)) return `Did you mean '${near}'?`;
  if (own) return `The ${form} form writes '${own}'.`;
  if (foreign) return `Write {command: ${foreign.command}, …}.`;
  if (/\s/.test(key)) return 'If it is a sentence, put all of it in quotes.';
  return `Actions of the ${form} form: ${[...vocabularyOf(form).keys()].join(', ')}.`;
}

function readAction(entry: Entry, form: KeyedForm, item: Place, report: Report): ReadStep | undefined {
  const claims = vocabularyOf(form).get(entry.key) ?? [];
  const best = bestClaim(claims, entry.value);
  if (!best) {
    reportNoFit(entry, claims, report);
    return undefined;
  }
  return assemble(best.command, readShape(best.shape, entry.value, entry.key, report), item);
}

function bestClaim(claims: readonly Claim[], value: Located): Claim | undefined {
  const ranked = claims.map((claim) => ({ claim, score: suits(claim.shape, value) })).sort((a, b) => b.score - a.score);
  return ranked[0] && ranked[0].score > 0 ? ranked[0].claim : undefined;
}
