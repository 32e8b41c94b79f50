import { nearest } from '../../schemas/problems.ts';
import type { Step } from '../../schemas/step.ts';
import { readCanonicalStep } from './canonical-step.ts';
import { createDraft, type Draft, keepStep, type ReadStep, remember } from './draft.ts';
import { readInner } from './inner-steps.ts';
import { type Entry, entryOf, isNothing, kindOf, type Located, type Mapping, plain } from './located.ts';
import type { Report } from './report.ts';

const keys = 'name description tags baseUrl config variables environment data setup checkpoints teardown'.split(' ');

/** Reads the canonical form: the definition itself, as JSON or YAML; lists and mappings may be left out. */
export function readCanonical(root: Mapping, report: Report): Draft {
  const draft = createDraft(root);
  const definition = draft.definition as unknown as Record<string, unknown>;
  for (const entry of root.entries) {
    const { key, at, value } = entry;
    if (!keys.includes(key)) {
      const near = nearest(key, keys);
      report.error(
        'unknown-key',
        `unknown key '${key}' in a canonical test`,
        at,
        near ? `Did you mean '${near}'?` : `Known here: ${keys.join(', ')}.`,
      );
    } else if (isNothing(value)) {
      report.error('missing-value', `'${key}' has no value`, at, 'Write a value after the colon, or remove the key.');
    } else {
      remember(draft, definition, key, value);
      definition[key] = readPart(entry, draft, report);
    }
  }
  if (!entryOf(root, 'name'))
    report.error(
      'missing-key',
      "'name' is required in a canonical test",
      { start: root.start, end: root.start },
      "Add 'name:'.",
    );
  return draft;
}

function readPart({ key, value }: Entry, draft: Draft, report: Report): unknown {
  if (key === 'setup' || key === 'teardown') return readSteps(value, draft, report);
  if (key === 'config') return numeric(value);
  if (key !== 'checkpoints' || value.kind !== 'list') return plain(value);
  return value.items.map((item) => {
    if (item.kind !== 'mapping') return plain(item);
    const steps = entryOf(item, 'steps');
    const checkpoint = {
      ...(plain(item) as object),
      ...(steps ? { steps: readSteps(steps.value, draft, report) } : {}),
    };
    draft.origins.set(checkpoint, {
      at: item,
      fields: new Map(item.entries.map((entry) => [entry.key, entry.value])),
      mapping: item,
    });
    return checkpoint;
  });
}

/** Numbers as numbers: nothing in a configuration is a number that is a text. */
function numeric(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(numeric);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, numeric(value)]));
}

function readSteps(list: Located, draft: Draft, report: Report): Step[] {
  if (list.kind !== 'list') {
    report.error(
      'wrong-value',
      `a list of steps is needed, not ${kindOf(list)}`,
      list,
      'Write a dash before each step.',
    );
    return [];
  }
  return list.items.flatMap((item) => {
    const read = readWhole(item, report);
    return read ? [keepStep(draft, read)] : [];
  });
}

/** A step with those inside it. */
function readWhole(item: Located, report: Report): ReadStep | undefined {
  const outer = readCanonicalStep(item, report);
  return outer && readInner(outer, (inner) => readWhole(inner, report), report);
}
