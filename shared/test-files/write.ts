import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isScalar, isSeq, visit, type YAMLMap } from 'yaml';
import type { Step } from '../../schemas/step.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import type { FormName } from './forms.ts';
import { readTestFile, type Suite } from './read.ts';
import type { TestForm } from './read-root.ts';
import { writeStep } from './write-step.ts';

/** A test, or several, as a file of a form. */
export interface WrittenFile {
  readonly text: string;
}

/** What a form cannot say: where it is in the definition (a JSON Pointer), and why. */
export interface Unsayable {
  readonly pointer: string;
  readonly message: string;
}

/**
 * Writes a test, or a suite whose tests are written in the form. What is written has been read back: it says what was
 * given, or it is not written.
 */
export function writeTestFile(
  file: { readonly definition: TestDefinition } | { readonly suite: Suite },
  form: TestForm,
  format: 'yaml' | 'json',
): WrittenFile | Unsayable {
  const tree = 'suite' in file ? writeSuite(file.suite, form) : writeTest(file.definition, form);
  const text = format === 'json' ? `${JSON.stringify(tree, null, 2)}\n` : toYaml(tree);
  const read = readTestFile(text, { name: format });
  const given = 'suite' in file ? file.suite.tests.map((test) => test.definition) : [file.definition];
  const back = read.suite?.tests.map((test) => test.definition) ?? (read.definition ? [read.definition] : []);
  const problem = read.diagnostics.find(({ severity }) => severity === 'error');
  if (problem) return { pointer: '', message: `the ${form} form cannot say it: ${problem.message}` };
  const pointer = differenceOf(given.length === 1 ? given[0] : given, back.length === 1 ? back[0] : back);
  if (pointer === undefined) return { text };
  return { pointer, message: `the ${form} form cannot say what stands at ${pointer}` };
}

/** What fits a line stands in one: `{ type: interact, command: click, target: Log in }`. */
const LONGEST_FLOW = 100;

function toYaml(tree: unknown): string {
  const document = new Document(tree, { aliasDuplicateObjects: false, version: '1.2' });
  visit(document, {
    Collection(key, node, path) {
      const isStep = isMap(node) && node.items.length === 1 && key !== 'value';
      const fits = path.length > 1 && JSON.stringify(node).length <= LONGEST_FLOW;
      node.flow =
        node.items.length === 0 || (fits && !isStep && (isMap(node) ? membersOf(node) : [node]).every(isLeaf));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

const membersOf = ({ items }: YAMLMap): unknown[] => items.map(({ value }) => value);

/** A value that holds nothing but scalars. */
const isLeaf = (node: unknown): boolean =>
  isScalar(node) || (isSeq(node) && node.items.every(isScalar)) || (isMap(node) && membersOf(node).every(isScalar));

function writeSuite({ name, description, tests }: Suite, form: TestForm): unknown {
  return {
    metadata: { name, ...(description === undefined ? {} : { description }) },
    tests: tests.map(({ definition }) => writeTest(definition, form)),
  };
}

function writeTest(definition: TestDefinition, form: TestForm): unknown {
  if (form === 'canonical') return writeCanonical(definition);
  const tree = form === 'compact' ? writeCompact(definition) : writeNamed(definition, form);
  return form === 'journey' ? { journey: tree } : tree;
}

function writeCanonical(definition: TestDefinition): unknown {
  const { name, description, tags, baseUrl, environment, config, variables, data, ...steps } = definition;
  const { setup, checkpoints, teardown } = steps;
  const parts = { name, description, tags, baseUrl, environment, config, variables, data };
  return { ...filled({ ...parts, setup }), checkpoints, ...filled({ teardown }) };
}

function writeCompact(definition: TestDefinition): unknown {
  const { name, description, tags, baseUrl, environment, config, variables, data, setup, teardown } = definition;
  const steps = (list: readonly Step[]): unknown[] => list.map((step) => writeStep(step, 'compact'));
  const groups = definition.checkpoints.map((checkpoint) => ({ group: checkpoint.name, do: steps(checkpoint.steps) }));
  const flat = isFlat(definition) ? groups[0]?.do : groups;
  return filled({
    ...{ test: name, desc: description, tags, base: baseUrl, env: environment, config, vars: variables, data },
    ...{ setup: steps(setup), do: flat, teardown: steps(teardown) },
  });
}

/** The forms whose keys are those of the simplified form. */
function writeNamed(definition: TestDefinition, form: FormName): unknown {
  const { name, description, tags, baseUrl, environment, config, variables, data, setup, teardown } = definition;
  const steps = (list: readonly Step[]): unknown[] => list.map((step) => writeStep(step, form));
  const checkpoints = definition.checkpoints.map((checkpoint) => ({
    name: checkpoint.name,
    steps: steps(checkpoint.steps),
  }));
  const main = isFlat(definition) && form !== 'journey' ? { steps: checkpoints[0]?.steps } : { checkpoints };
  return filled({
    ...{ name, description, tags, baseUrl, environment, config, variables, data },
    ...{ setup: steps(setup), ...main, teardown: steps(teardown) },
  });
}

/** One checkpoint of the test's own name needs no name of its own. */
const isFlat = ({ name, checkpoints }: TestDefinition): boolean =>
  checkpoints.length === 1 && checkpoints[0]?.name === name;

/** Without what is empty. */
function filled(tree: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(tree).filter(([, value]) => !isEmpty(value)));
}

/** The first place at which two values differ, as a JSON Pointer. */
function differenceOf(a: unknown, b: unknown): string | undefined {
  if (isDeepStrictEqual(a, b)) return undefined;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return '';
  const [one, other] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const inner = differenceOf(one[key], other[key]);
    if (inner !== undefined) return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}${inner}`;
  }
  return '';
}
