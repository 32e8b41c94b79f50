import { invalid } from './errors.ts';

/**
 * The pattern of a `matchGlob`: `*` and `?` stop at slashes, `**` does not, and before a slash it can be no folder at
 * all; `[a-z]`, `[!a-z]` and `{one,two}`.
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob
 * @throws HttpError 400 for a bracket that is not closed.
 */
export function globPattern(glob: string): RegExp {
  const tokens = glob.match(/\\.|(?<=^|\/)\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|./gsu) ?? [];
  let depth = 0;
  let source = '';
  for (const token of tokens) {
    if (token === '**/') source += '(?:.*/)?';
    else if (token === '**') source += '.*';
    else if (token === '*') source += '[^/]*';
    else if (token === '?') source += '[^/]';
    else if (token.length > 1 && token.startsWith('[')) source += characterClass(token);
    else if (token === '{') {
      depth++;
      source += '(?:';
    } else if (token === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (token === ',' && depth > 0) source += '|';
    else source += literal(token.startsWith('\\') ? token.slice(1) : token);
  }
  if (depth > 0) throw invalid(`Invalid glob: ${glob}`);
  return new RegExp(`^${source}$`, 'su');
}

function characterClass(token: string): string {
  const negated = token[1] === '!' || token[1] === '^';
  const inside = token.slice(negated ? 2 : 1, -1).replace(/[\\\][^&~|]/g, '\\$&');
  return `[${negated ? '^/' : ''}${inside}]`;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
