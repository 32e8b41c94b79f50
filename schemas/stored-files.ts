import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const sha256 = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });

/** What a stored test, or a suite of a file, was made of. */
export const fileSource = contract(
  'file-source',
  Type.Object({
    digest: sha256("SHA-256 of the file's bytes, in hex."),
    /** The version of what has read them. */
    reader: Type.String(),
  }),
);
export type FileSource = Static<typeof fileSource.schema>;

/** Body of `POST /v1/tests/lookup`. */
export const lookupRequest = contract(
  'lookup-request',
  Type.Object(
    {
      files: Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, description: 'As an upload of it has it.' }),
            digest: sha256('SHA-256 of the bytes that an upload would send, in hex.'),
          },
          strict,
        ),
        { minItems: 1, maxItems: 500 },
      ),
    },
    strict,
  ),
);

const named = Type.Object({ id: Type.String(), name: Type.String() }, strict);

/** What the route answers with. */
export const storedFileAnswers = {
  'stored-files': {
    schema: Type.Object(
      {
        items: Type.Array(
          Type.Object(
            {
              name: Type.String(),
              status: Type.Enum(['ready', 'unknown'], {
                description: 'unknown: not stored, changed since, or to be read again by a newer release. Upload it.',
              }),
              id: Type.Optional(Type.String({ description: 'Of the test, or of the suite.' })),
              tests: Type.Optional(Type.Array(named, { description: 'Those of a suite.' })),
            },
            strict,
          ),
          { description: 'A file each, in the order of the request.' },
        ),
      },
      strict,
    ),
  },
};
