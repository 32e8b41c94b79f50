import type { Step } from '../../../schemas/step.ts';
import type { TestDefinition } from '../../../schemas/test-definition.ts';
import { commandContracts } from '../../commands/contracts.ts';
import { commands } from '../../commands/index.ts';
import { textProblems } from '../check-texts.ts';
import { pick, type Random } from './random.ts';

/** Texts that files tend to spoil. */
export const texts = [
  'Log in',
  '#email',
  'Order #5',
  '{{user}}',
  '$user',
  '@login',
  '- dash',
  'a: b',
  "it's",
  'say "hi"',
  '007',
  '1.50',
  '12',
  'true',
  'null',
  '~',
  'yes',
  '2026-01-01',
  '[data-x="1"]',
  '{a}',
  '//ul/li[2]',
  'line\nbreak',
  ' space ',
  'tab\tin',
  '100%',
  '&anchor',
  '*alias',
  '!tag',
  '| pipe',
  '> fold',
  'äöü💥',
  'next',
  'top',
  'enter',
  'x'.repeat(90),
  '10,20',
  '800x600',
  'click',
];

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly holds?: 'steps' | 'condition';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** A test of any commands and values that the reader accepts. */
export function generate(next: Random): TestDefinition {
  const some = <T>(most: number, make: (at: number) => T): T[] =>
    Array.from({ length: next(most + 1) }, (_, at) => make(at));
  const steps = (most: number): Step[] => [generateStep(next, 2), ...some(most - 1, () => generateStep(next, 2))];
  const checkpoints = Array.from({ length: 1 + next(3) }, (_, at) => ({
    name: `${pick(texts, next)} ${at}`,
    steps: steps(5),
  }));
  const name = next(2) === 0 ? pick(texts, next) : (checkpoints[0]?.name ?? 'x');
  return {
    name,
    ...(next(2) === 0 ? { description: pick(texts, next) } : {}),
    tags: some(2, () => pick(texts, next).trim()),
    ...(next(2) === 0 ? { baseUrl: 'https://shop.example' } : {}),
    config: pick<TestDefinition['config']>(
      [
        {},
        { timeout: 5000, viewport: { width: 800, height: 600 } },
        { retries: 2, onFailure: 'continue', locale: '12' },
      ],
      next,
    ),
    variables: Object.fromEntries(some(3, (at) => [`v${at}`, generateValue(next, 2)])),
    ...(next(3) === 0 ? { environment: pick(texts, next) } : {}),
    data: some(2, () => ({ a: generateValue(next, 1), 'b c': pick(texts, next) })),
    setup: next(3) === 0 ? steps(2) : [],
    checkpoints,
    teardown: next(3) === 0 ? steps(2) : [],
  };
}

function generateValue(next: Random, depth: number): unknown {
  const simple = [pick(texts, next), next(1000), next(1000) / 8, -next(50), true, false, null, 1e21, 1e-7];
  const kind = next(depth > 0 ? 5 : 3);
  if (kind === 3) return Array.from({ length: next(3) }, () => generateValue(next, depth - 1));
  if (kind === 4) return { [pick(texts, next)]: generateValue(next, depth - 1), b: generateValue(next, depth - 1) };
  return pick(simple, next);
}

/** An example of a command with other values in its fields, as far as its contract takes them. */
function generateStep(next: Random, depth: number): Step {
  const command = pick(commands, next);
  const properties = command.fields.properties as unknown as Readonly<Record<string, Schema>>;
  let step: Step = structuredClone(pick(command.examples, next));
  const tryOut = (changed: Step): void => {
    if (commandContracts[command.name]?.accepts(changed) && textProblems(changed).length === 0) step = changed;
  };
  for (const [field, schema] of Object.entries(properties)) {
    if (next(3) === 0) {
      const { [field]: _gone, ...rest } = step;
      tryOut(rest as Step);
    }
    const value = next(2) === 0 ? generateField(schema, next, depth) : undefined;
    if (value !== undefined) tryOut({ ...step, [field]: value });
  }
  for (const option of [
    { label: pick(texts, next) },
    { timeoutMs: next(9000) },
    { onFailure: 'stop' },
    { optional: true },
  ])
    if (next(6) === 0) tryOut({ ...step, ...option } as Step);
  if (next(8) === 0) tryOut({ ...step, retry: { count: 2, delayMs: 5 }, screenshot: false });
  if (next(8) === 0) tryOut({ ...step, if: generateCondition(next) } as Step);
  return step;
}

function generateCondition(next: Random): object {
  const simple = [
    { visible: pick(texts, next) },
    { exists: { css: 'a' } },
    { variable: 'user', operator: 'equals', value: 5 },
  ];
  return next(4) === 0 ? { all: simple } : next(4) === 0 ? { not: pick(simple, next) } : pick(simple, next);
}

function generateField(schema: Schema, next: Random, depth: number): unknown {
  if (schema.holds === 'steps')
    return depth > 0 ? Array.from({ length: 1 + next(2) }, () => generateStep(next, depth - 1)) : undefined;
  if (schema.holds === 'condition') return generateCondition(next);
  if (schema.enum) return pick(schema.enum, next);
  const type = pick([schema.type ?? 'any'].flat(), next);
  if (type === 'string') return pick(texts, next);
  if (type === 'integer') return (schema.minimum ?? 0) + next(100);
  if (type === 'number') return next(2) === 0 ? next(100) : next(1000) / 8;
  if (type === 'boolean') return next(2) === 0;
  if (type === 'array') return [pick((schema.items?.enum as string[] | undefined) ?? texts, next)];
  if (type === 'object')
    return schema.properties?.css ? { role: 'button', name: pick(texts, next) } : { a: pick(texts, next) };
  return generateValue(next, 2);
}
