import { stringify } from 'yaml';
import { readTestFile } from '../read.ts';
import { writeTestFile } from '../write.ts';
import { generate } from './generate.ts';
import { pick, type Random } from './random.ts';

const written = [
  "test: A\nbase: https://a.example\nv: {u: ada}\nconfig: {retry: 1}\ndo:\n  - c: Log in\n  - t: {Email: '{{u}}'}\n  - wait: {for: '#x', max: 5}\n  - group: G\n    do: [k: enter, \"see 'x'\"]\ndata: |\n  a,b\n  1,2\n",
  'name: B\nstarting_url: https://a.example\nvariables: [{name: a, value: 1}]\nsteps:\n  - navigate: {to: /x}\n  - assert: {type: equals, selector: a, value: 5}\n  - window: {action: resize, size: 800x600}\ncheckpoints:\n  - name: c\n    steps: [click: a]\n',
  '{"name": "C", "checkpoints": [{"name": "a", "steps": [{"command": "interact.click", "target": "b"}]}], "data": [{"a": 1}]}',
  'name: D\ninfrastructure: {goal: g, journey: j, viewport: {width: 800, height: 600}}\nsteps:\n  - {type: interact, command: click, target: a, description: d, meta: {timeout: 5, critical: false}}\n  - {type: data, command: store-text, target: a, variable: v}\n',
  'journey:\n  name: E\n  project_id: 5\n  config: {retry_failed_steps: true, max_retry_count: 2, timeout_default: 5}\n  checkpoints:\n    - name: a\n      position: 1\n      description: d\n      steps:\n        - {command: interact, args: [click, Log in], options: {position: CENTER}}\n        - {condition: {visible: a}, then: [click b], else: [{command: wait, args: [time, 5]}]}\n',
  'x-a: &a {tags: [t]}\nmetadata: {name: F, team: t}\nconfig: {timeout: 5}\nvariables: {u: 1}\nsetup: [click: a]\ntests:\n  - {<<: *a, test: one, do: [c: "{{u}}"]}\n  - {name: two, steps: [{if: {visible: a}, then: [click: b]}]}\n  - file: b.yaml\n',
  'test: G\ndo: [c: a]\n---\nname: H\nsteps: [click: b]\n',
  "test: I\ndo:\n  - if: {visible: a}\n    then: [c: a]\n    else: [{repeat: 2, do: [k: tab]}]\n  - try: [c: a]\n    catch: [note: b]\n    finally: [back]\n  - loop: {over: [1, 2], as: x, do: [\"write '{{x}}' in 'A'\"]}\n",
];

const pieces = [
  ...'{}[]:,-#&*!|>\'"%@`?\t\n\r ',
  '\n  - ',
  ': ',
  ' #x',
  '&a ',
  '*a',
  '<<: ',
  '{{',
  '}}',
  '---\n',
  '...\n',
  '__proto__: ',
  'constructor: 1',
  'null',
  '.nan',
  '1e999',
  '\0',
  '\uFEFF',
  '\uD800',
  '💥',
  'command: ',
  'type: ',
  'args: ',
  'if: ',
  'do: ',
];
const keys =
  'test name do steps checkpoints setup teardown config variables data tags command type args target value if then else loop try use with file tests metadata journey position options meta timeout __proto__ constructor toString length <<'.split(
    ' ',
  );
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  'x',
  '{{',
  '$',
  [],
  {},
  [[]],
  [null],
  { a: null },
  'interact.click',
  'control.if',
  'x'.repeat(3000),
];

/** A test file that has been spoilt: as bytes, as text, or in its structure. */
export function mutant(next: Random): string | Uint8Array {
  const seed = next(3) === 0 ? generated(next) : pick(written, next);
  const kind = next(4);
  if (kind === 0) return spoilBytes(Buffer.from(seed), next);
  if (kind === 1) return spoilStructure(next);
  return spoilText(seed, next);
}

function generated(next: Random): string {
  const form = pick(['canonical', 'compact', 'simplified', 'extended', 'journey'] as const, next);
  const file = writeTestFile({ definition: generate(next) }, form, pick(['yaml', 'json'] as const, next));
  return 'text' in file ? file.text : '';
}

function spoilText(text: string, next: Random): string {
  let spoilt = text;
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(spoilt.length + 1);
    const other = pick(written, next);
    const from = next(other.length);
    const insert = next(3) === 0 ? other.slice(from, from + next(30)) : pick(pieces, next);
    spoilt = spoilt.slice(0, at) + insert + spoilt.slice(at + (next(2) === 0 ? next(6) : 0));
  }
  return spoilt;
}

function spoilBytes(bytes: Buffer, next: Random): Uint8Array {
  for (let times = 1 + next(3); times > 0; times--) bytes[next(bytes.length)] = next(256);
  return next(4) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes;
}

/** Keys and values of a good file that are exchanged, doubled, renamed, removed. */
function spoilStructure(next: Random): string {
  const tree = treeOf(next);
  for (let times = 1 + next(4); times > 0; times--) spoilNode(tree, next, 12);
  return next(2) === 0 ? JSON.stringify(tree) : stringify(tree, { aliasDuplicateObjects: next(2) === 0 });
}

const trees: readonly (() => unknown)[] = [
  () => ({
    test: 'A',
    do: [{ c: 'a' }, { group: 'g', do: [{ t: { a: 'b' } }] }],
    config: { viewport: '800x600' },
    v: { a: 1 },
  }),
  () => ({
    name: 'B',
    steps: [{ write: { into: 'a', text: 'b' } }, { assert: { type: 'equals', selector: 'a', value: 1 } }],
  }),
  () => ({
    name: 'C',
    checkpoints: [{ name: 'a', steps: [{ command: 'control.if', condition: { visible: 'a' }, ...branches() }] }],
  }),
  () => ({ name: 'D', steps: [{ type: 'interact', command: 'write', target: 'a', value: 'b', meta: { timeout: 1 } }] }),
  () => ({
    journey: { name: 'E', checkpoints: [{ name: 'a', position: 1, steps: [{ command: 'wait', args: ['time', 5] }] }] },
  }),
  () => ({
    metadata: { name: 'F' },
    setup: [{ click: 'a' }],
    variables: { a: 1 },
    tests: [{ test: 'a', do: [{ c: 'b' }] }, { file: 'b' }],
  }),
];
const branches = () =>
  Object.fromEntries([
    ['then', [{ command: 'navigate.back' }]],
    ['else', [{ command: 'misc.log', text: 'a' }]],
  ]);

const treeOf = (next: Random): unknown => pick(trees, next)();

function spoilNode(node: unknown, next: Random, depth: number) {
  if (typeof node !== 'object' || node === null || depth === 0) return;
  const names = Object.keys(node);
  const holder = node as Record<string, unknown>;
  const name = names.length > 0 ? pick(names, next) : 'a';
  if (next(3) > 0 && typeof holder[name] === 'object') return spoilNode(holder[name], next, depth - 1);
  const other = pick(trees, next)() as Record<string, unknown>;
  const change = next(6);
  if (change === 0 && !Array.isArray(node)) delete holder[name];
  else if (change === 1)
    Object.defineProperty(holder, Array.isArray(node) ? names.length : pick(keys, next), described(holder[name] ?? 1));
  else if (change === 2) holder[name] = [holder[name]];
  else if (change === 3) holder[name] = { [pick(keys, next)]: holder[name] };
  else if (change === 4) holder[name] = other[pick(Object.keys(other), next)];
  else holder[name] = structuredClone(pick(values, next));
}

const described = (value: unknown) => ({ value, enumerable: true, writable: true, configurable: true });

/** What is wrong with what the reader makes of a file; undefined when nothing is. */
export function judge(source: string | Uint8Array): string | undefined {
  let read: ReturnType<typeof readTestFile>;
  try {
    read = readTestFile(source, { name: 'fuzz' });
  } catch (error) {
    return `it throws: ${(error as Error).stack}`;
  }
  const { definition, suite, diagnostics } = read;
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  const lines = text.split('\n');
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const found = definition !== undefined || suite !== undefined;
  if (found === errors > 0) return `it gives ${found ? 'a test' : 'nothing'} with ${errors} errors`;
  for (const { line, column, message } of diagnostics) {
    const length = lines[line - 1]?.length;
    if (length === undefined || column < 1 || column > length + 1) return `'${message}' is at ${line}:${column}`;
  }
  return undefined;
}
