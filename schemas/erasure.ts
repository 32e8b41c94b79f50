import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { Type } from './type.ts';

const time = Type.Unsafe<Date>(Type.Object({}));
const counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));

/** The receipt of somebody's erasure; its id is the user's, which is all that it holds of them. */
export const erasureEntity = contract(
  'erasure',
  Type.Object({
    id: Type.String(),
    created_at: time,
    updated_at: time,
    /** Who asked for it. */
    requested_by: Type.String(),
    status: Type.Enum(['running', 'erased']),
    /** What was deleted so far, by collection, bucket and table. */
    deleted: Type.Object({ documents: counts, objects: counts, rows: counts }),
    /** Tables whose newest rows cannot be deleted yet. */
    waits_for: Type.Array(Type.String()),
    /** From then on no instance works for the user any more. */
    quiet_at: Type.Optional(time),
    erased_at: Type.Optional(time),
    /** How often all of it was looked for. */
    rounds: Type.Integer({ minimum: 0 }),
    /** When it is looked for again: for what was under way; null when that is over. */
    next_round_at: Type.Union([time, Type.Null()]),
    trace: Type.Optional(Type.String()),
  }),
);
export type ErasureEntity = Static<typeof erasureEntity.schema>;

const strict = { additionalProperties: false } as const;
const instant = Type.String({ format: 'date-time' });
const deleted = (what: string) =>
  Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: `By ${what}.` });

/** A receipt as it is read. */
export const erasureAnswer = Type.Object(
  {
    userId: Type.String(),
    status: Type.Enum(['running', 'erased']),
    requestedBy: Type.String(),
    requestedAt: instant,
    erasedAt: Type.Optional(instant),
    deleted: Type.Object(
      { documents: deleted('collection'), objects: deleted('bucket'), rows: deleted('table') },
      strict,
    ),
    waitsFor: Type.Array(Type.String(), { description: 'Tables whose newest rows cannot be deleted yet.' }),
    nextRoundAt: Type.Optional(Type.String({ format: 'date-time', description: 'When what came late is looked for.' })),
  },
  strict,
);
