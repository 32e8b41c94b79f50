/** A name that an expression goes by: `local.grants`, `google_pubsub_topic.declared.id`, `each.value.name`. */
export interface Reference {
  readonly root: string;
  /** What is behind the root, without indices. */
  readonly path: readonly string[];
  /** Whether there is an index behind the first parts: `google_x.y["a"].id`. */
  readonly text: string;
}

/** What an expression is made of. */
export interface Expression {
  readonly references: readonly Reference[];
  /** Functions that it calls. */
  readonly calls: readonly string[];
}

const KEYWORDS = new Set(['for', 'in', 'if', 'null', 'true', 'false', 'else', 'endif', 'endfor']);

/** What the `${…}` of a text refer to. */
export function expressionOf(text: string): Expression {
  const code = codeOf(text);
  const bound = new Set<string>();
  for (const [, names = ''] of code.matchAll(/\bfor\s+([\w\s,]+?)\s+in\b/g))
    for (const name of names.split(',')) bound.add(name.trim());
  const references: Reference[] = [];
  const calls: string[] = [];
  const names =
    /(?<![\w.\])"-])([a-zA-Z_][\w-]*)((?:\.[a-zA-Z_*][\w-]*|\.\*|\[[^\]]*\])*)(\s*\(|\s*=(?![=>])|\s*:(?!:))?/g;
  for (const [whole, root = '', rest = '', after = ''] of code.matchAll(names)) {
    if (KEYWORDS.has(root) || bound.has(root)) {
      continue;
    }
    if (after.trim() === '(') calls.push(root);
    else if (rest === '' && after !== '' && !isConditional(after, root, code)) continue;
    else {
      const path = [...rest.replaceAll(/\[[^\]]*\]/g, '').matchAll(/\.([\w*-]+)/g)].map(([, part = '']) => part);
      references.push({ root, path, text: whole.trim() });
    }
    // What is in the brackets is an expression of its own.
    for (const [, inner = ''] of rest.matchAll(/\[([^\]]*)\]/g)) {
      const within = expressionOf(`\${${inner}}`);
      references.push(...within.references.filter((reference) => !bound.has(reference.root)));
      calls.push(...within.calls);
    }
  }
  return { references, calls };
}

/** A colon behind a name is that of a conditional, not of a record's key, when a question mark is before it. */
function isConditional(after: string, root: string, code: string): boolean {
  return after.trim() === ':' && new RegExp(`\\?[^?:]*\\b${root}\\s*:`).test(code);
}

/** The code of a text's interpolations, with the literal parts of strings left out. */
export function codeOf(text: string): string {
  let code = '';
  let index = 0;
  const template = (end: string | undefined): void => {
    while (index < text.length) {
      if (text.startsWith('$${', index) || text.startsWith('\\"', index)) index += 2;
      else if (text.startsWith('${', index) || text.startsWith('%{', index)) {
        index += 2;
        expression();
        code += ' ';
      } else if (end !== undefined && text[index] === end) {
        index += 1;
        return;
      } else index += 1;
    }
  };
  const expression = (): void => {
    for (let depth = 0; index < text.length; ) {
      const character = text[index] ?? '';
      index += 1;
      if (character === '"') {
        code += ' "" ';
        template('"');
      } else if (character === '}' && depth === 0) return;
      else {
        if (character === '{') depth += 1;
        if (character === '}') depth -= 1;
        code += character;
      }
    }
  };
  template(undefined);
  return code.replaceAll(/(#|\/\/)[^\n]*/g, '');
}

/** All texts of a value, however deep. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(key.includes('${') ? [key] : []), ...textsOf(inner)]);
}
