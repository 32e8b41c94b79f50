import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { Type } from './type.ts';

const text = Type.String({ maxLength: 200 });

/** What is remembered of an element, so that it is known again when it is no longer found. Short texts, no values of fields. */
export const fingerprint = contract(
  'fingerprint',
  Type.Object({
    tag: text,
    role: text,
    name: text,
    text,
    testId: text,
    /** The attributes that a page's author gave it, without those that tools make up. */
    attributes: Type.Record(text, text),
    /** What else the repeating part shows in which it stands: a row, a card, an item of a list. */
    item: text,
    /** The landmark and the heading that it stands under. */
    place: text,
    /** What is around it, innermost first. */
    path: Type.Array(text),
    /** What stands right before and after it. */
    near: Type.Array(text),
    /** Left, top, width, height in CSS pixels of the page. */
    box: Type.Array(Type.Number(), { minItems: 4, maxItems: 4 }),
    /** No other element of its kind was called so. */
    onlyOne: Type.Boolean(),
    /** Hashes of the elements of its kind that were there beside it: none of them is it. */
    others: Type.Array(text, { maxItems: 200 }),
  }),
);
export type Fingerprint = Static<typeof fingerprint.schema>;

/** The fingerprints of a test's elements, by the names under which its steps find them. */
export const fingerprints = contract('fingerprints', Type.Record(Type.String(), fingerprint.schema));
export type Fingerprints = Static<typeof fingerprints.schema>;

const time = Type.Unsafe<Date>(Type.Object({}));

/** What is remembered for a user's test, in one document. */
export const rememberedEntity = contract(
  'remembered-elements',
  Type.Object({
    id: Type.String(),
    created_at: time,
    updated_at: time,
    user_id: Type.String(),
    test_id: Type.String(),
    /** `Fingerprints` as JSON: one field, so that Firestore indexes no part of it. */
    fingerprints: Type.String(),
    expires_at: time,
  }),
);
export type RememberedEntity = Static<typeof rememberedEntity.schema>;
