import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { contract, type Of } from '../../schemas/contract.ts';
import { checkpointEntity, runEntity, sessionEntity, userEntity, webhookEntity } from '../../schemas/entities.ts';
import { Type } from '../../schemas/type.ts';
import { ExportError } from './parts.ts';

/** What documents can be made of rows, by their collections, and what they must be like. */
export const targets = {
  users: userEntity,
  runs: runEntity,
  sessions: sessionEntity,
  checkpoints: checkpointEntity,
  webhooks: webhookEntity,
} as const;

const strict = { additionalProperties: false } as const;
const types = ['text', 'integer', 'number', 'boolean', 'time', 'json', 'list'] as const;

const field = Type.Object(
  {
    column: Type.Optional(Type.String({ description: 'Where the value is from.' })),
    /** How PostgreSQL's text is read. `list` is an array: {a,b}. */
    type: Type.Optional(Type.Enum([...types])),
    /** The value is the key of a row, and this the prefix of ids of such. */
    id: Type.Optional(Type.String()),
    /** The value for each text. */
    values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    not: Type.Optional(Type.Literal(true, { description: 'The opposite of a boolean.' })),
    /** Where there is no value. */
    else: Type.Optional(Type.Unknown()),
    /** The column that the value is of, where there is none in this one. */
    or: Type.Optional(Type.String()),
    /** It is encrypted, and stands in a list of secrets. */
    secret: Type.Optional(Type.Literal(true)),
  },
  strict,
);

/** How rows become documents. */
export const mapping = contract(
  'dump-mapping',
  Type.Array(
    Type.Object(
      {
        table: Type.String(),
        into: Type.Enum(Object.keys(targets) as (keyof typeof targets)[]),
        /** The document's id follows from a column. */
        id: Type.Object({ prefix: Type.String(), column: Type.String() }, strict),
        fields: Type.Record(Type.String(), field),
        /** Columns that are left out on purpose. */
        ignore: Type.Optional(Type.Array(Type.String())),
      },
      strict,
    ),
  ),
);
export type Mapping = Of<typeof mapping>;
export type MappedField = Mapping[number]['fields'][string];

/** The mapping that is used where none is named. */
export const DEFAULT_MAPPING = fileURLToPath(new URL('./mapping.yaml', import.meta.url));

/** @throws ExportError that says what is wrong, and where */
export function readMapping(file: string): Mapping {
  let read: unknown;
  try {
    read = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ExportError(`The mapping ${file} cannot be read: ${(error as Error).message}`);
  }
  if (mapping.accepts(read)) return read;
  const [first] = mapping.problems(read);
  throw new ExportError(`The mapping ${file} is wrong at ${first?.pointer || '/'}: ${first?.message}.`);
}
