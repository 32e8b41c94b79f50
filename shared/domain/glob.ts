/**
 * Whether a path fits a pattern: `*` stands for anything in one of its parts, `**` for anything in any number of them,
 * `?` for one character of a part; everything else for itself. Takes the time of both lengths multiplied, whatever the
 * pattern is: users write them.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  /** Whether what is left of the pattern fits what is left of the path, by the place in the path. */
  let fits: boolean[] = [...path].map(() => false).concat(true);
  const characters = [...path];
  for (const token of tokensOf(pattern).reverse()) {
    const next: boolean[] = new Array(characters.length + 1).fill(false);
    for (let i = characters.length; i >= 0; i--) next[i] = fitsAt(token, characters, i, fits, next);
    fits = next;
  }
  return fits[0] ?? false;
}

/** The part of a pattern that stands for itself alone, before anything else. */
export const fixedPartOf = (pattern: string): string => /^[^*?]*/.exec(pattern)?.[0] ?? '';

// What stands for folders fits none, too: a pattern with folders between two names is for the names side by side.
const tokensOf = (pattern: string): string[] => pattern.match(/\*\*\/|\*\*|[\s\S]/gu) ?? [];

function fitsAt(token: string, path: readonly string[], at: number, after: boolean[], same: boolean[]): boolean {
  const character = path[at];
  switch (token) {
    case '**':
      return Boolean(after[at]) || (character !== undefined && Boolean(same[at + 1]));
    case '**/':
      return Boolean(after[at]) || foldersEnd(path, at, after);
    case '*':
      return Boolean(after[at]) || (character !== undefined && character !== '/' && Boolean(same[at + 1]));
    case '?':
      return character !== undefined && character !== '/' && Boolean(after[at + 1]);
    default:
      return character === token && Boolean(after[at + 1]);
  }
}

function foldersEnd(path: readonly string[], at: number, after: boolean[]): boolean {
  for (let i = at; i < path.length; i++) if (path[i] === '/' && after[i + 1]) return true;
  return false;
}
