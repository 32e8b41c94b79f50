import * as shape from '../test-files/shapes.ts';

const types = ['type', 'command'];

/** `assert: {type: …}` of the simplified form. */
export function asserting(given: Parameters<typeof shape.keys>[0], ...words: readonly string[]): shape.Shape {
  return shape.keys(given, { when: { names: types, values: words }, needs: 'selector' in given ? ['target'] : [] });
}

/** The element an assertion is about. */
export const assertedElement = shape.named(shape.elementNames, shape.target());

/** What it is compared with: a value, or a variable's. */
export const expected = { value: shape.anything('value'), variable: shape.reference('value') };

/** An assertion about a variable instead of an element: it has no selector. */
export function variableIs(word: string, fixed: Readonly<Record<string, unknown>> = {}): shape.Shape {
  return shape.keys(
    {
      ...shape.named(['variable', 'name'], shape.text('name')),
      ...shape.named(['value', 'pattern'], shape.anything('value')),
      ...('operator' in fixed ? {} : { operator: shape.text('operator') }),
    },
    { when: { names: types, values: [word] }, needs: ['name', 'value'], fixed },
  );
}
