import { invalid } from './errors.ts';
import { isJson } from './object-fields.ts';

interface Selection extends Map<string, Selection> {}

/**
 * Partial responses: `items(name,size),nextPageToken`, `items/name`, `*`.
 * @see https://cloud.google.com/storage/docs/json_api#partial-response
 * @throws HttpError 400 for what has not that form.
 */
export function selectFields(resource: unknown, fields: string): unknown {
  const tokens = fields.match(/[^,()/\s]+|[,()/]/g) ?? [];
  const selection = parseList(tokens);
  if (tokens.length > 0) throw invalid(`Invalid field selection ${fields}`);
  return select(resource, selection);
}

function parseList(tokens: string[]): Selection {
  const selection: Selection = new Map();
  do {
    let target = selection;
    for (;;) {
      const name = tokens.shift();
      if (name === undefined || /^[,()/]$/.test(name)) throw invalid('Invalid field selection');
      const below: Selection = target.get(name) ?? new Map();
      target.set(name, below);
      if (tokens[0] !== '/') {
        if (tokens[0] === '(') {
          tokens.shift();
          for (const [key, value] of parseList(tokens)) below.set(key, value);
          if (tokens.shift() !== ')') throw invalid('Invalid field selection');
        }
        break;
      }
      tokens.shift();
      target = below;
    }
  } while (tokens[0] === ',' && tokens.shift());
  return selection;
}

function select(value: unknown, selection: Selection): unknown {
  if (selection.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => select(item, selection));
  if (!isJson(value)) return value;
  const kept = Object.entries(value).flatMap(([name, below]) => {
    const chosen = selection.get(name) ?? selection.get('*');
    return chosen ? [[name, select(below, chosen)] as const] : [];
  });
  return Object.fromEntries(kept);
}
