const part = { type: 'string', minLength: 1 } as const;

/** An element, as plain JSON Schema: a text that is read in the order of the vocabulary, or a mapping that names its strategy. */
export const targetSchema = {
  type: ['string', 'object'],
  minLength: 1,
  minProperties: 1,
  properties: {
    css: part,
    xpath: part,
    testId: part,
    role: part,
    name: part,
    label: part,
    placeholder: part,
    alt: part,
    title: part,
    text: part,
    hint: part,
    exact: { type: 'boolean' },
    nth: { type: 'integer', minimum: 0 },
  },
  additionalProperties: false,
} as const;
