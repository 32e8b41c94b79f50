import { type Entry, isNothing, type Located, type Mapping } from './located.ts';
import type { Shape } from './shapes.ts';
import { innerOf, suits } from './suit-shape.ts';
import type { Claim, Vocabulary } from './vocabulary.ts';

type Keys = Extract<Shape, { shape: 'keys' }>;

/** The entries beside an action that are parts of it: `catch` of `try`, `do` of `repeat`. */
export function partsBeside(action: Entry, { entries }: Mapping, claims: readonly Claim[]): Entry[] {
  const parts = partsOf(claims);
  return entries.filter((entry) => entry !== action && parts.includes(entry.key));
}

/** The keys of such parts. */
export const partsOf = (claims: readonly Claim[]): string[] =>
  claims.flatMap(({ shape }) => (shape.shape === 'keys' ? (shape.beside ?? []) : []));

/** The action that a key is a part of. */
export function ownerOf(key: string, vocabulary: Vocabulary): string | undefined {
  const owns = ({ shape }: Claim): boolean => shape.shape === 'keys' && shape.beside?.includes(key) === true;
  return [...vocabulary].find(([, claims]) => claims.some(owns))?.[0];
}

/** An action whose parts are all in its value: `{repeat: 3, do: […]}` as `{repeat: {times: 3, do: […]}}`. */
export function together(action: Entry, parts: readonly Entry[], claims: readonly Claim[]): Entry {
  const shape = claims.map((claim) => claim.shape).find((candidate) => candidate.shape === 'keys' && candidate.own);
  const { value } = action;
  if (shape?.shape !== 'keys' || (isNothing(value) && parts.length === 0)) return action;
  const entries = isWhole(shape, value) ? value.entries : [{ ...action, key: ownKey(shape, value) }];
  return { ...action, value: { kind: 'mapping', entries: [...entries, ...parts], start: value.start, end: value.end } };
}

const isWhole = (shape: Keys, value: Located): value is Mapping =>
  value.kind === 'mapping' && (value.entries.length === 0 || value.entries.some(({ key }) => key in shape.keys));

function ownKey(shape: Keys, value: Located): string {
  const own = shape.own ?? [];
  return own.find((key) => innerOf(shape, key).some((inner) => suits(inner, value) > 1)) ?? own.at(-1) ?? '';
}
