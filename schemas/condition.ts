import { contract } from './contract.ts';
import { targetSchema } from './target.ts';
import { Type } from './type.ts';

/** How two values are compared. */
export const operators = [
  'equals',
  'not-equals',
  'contains',
  'not-contains',
  'matches',
  'gt',
  'gte',
  'lt',
  'lte',
] as const;
export type Operator = (typeof operators)[number];

/** The kinds of conditions, by the key that makes each. */
export const conditionKinds = ['exists', 'visible', 'variable', 'url', 'all', 'any', 'not'] as const;

/** An element as a condition names it. */
type Element = string | Record<string, unknown>;

/** What has to be so for a step, a branch or another iteration to run. */
export type Condition =
  | { exists: Element }
  | { visible: Element }
  | { variable: string; operator?: Operator; value: unknown }
  | { url: string }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

const several = { type: 'array', minItems: 1, items: { $ref: '#' } } as const;

export const condition = contract(
  'condition',
  Type.Unsafe<Condition>({
    type: 'object',
    properties: {
      exists: targetSchema,
      visible: targetSchema,
      variable: { type: 'string', minLength: 1 },
      operator: { type: 'string', enum: operators },
      value: {},
      url: { type: 'string', minLength: 1 },
      all: several,
      any: several,
      not: { $ref: '#' },
    },
    additionalProperties: false,
    oneOf: conditionKinds.map((kind) => ({ required: [kind] })),
    dependencies: { variable: ['value'], operator: ['variable'], value: ['variable'] },
  }),
);
