import { expressionOf, textsOf } from './expressions.ts';
import type { TerraformBlock } from './read-terraform.ts';

/** What an expression is made of in the end: the expressions that it refers to, too. */
export interface Closure {
  /** `local.manifest.topics`, `var.regions`. */
  readonly names: ReadonlySet<string>;
  /** All the expressions, one after the other. */
  readonly text: string;
}

/** Follows expressions through locals, and through resources to what they are made for each of. */
export function closureOf(value: unknown, blocks: readonly TerraformBlock[]): Closure {
  const locals = Object.assign({}, ...blocks.filter(({ kind }) => kind === 'locals').map(({ body }) => body)) as Record<
    string,
    unknown
  >;
  const names = new Set<string>();
  const texts: string[] = [];
  const follow = (part: unknown): void => {
    for (const text of textsOf(part)) {
      texts.push(text);
      for (const { root, path } of expressionOf(text).references) {
        const name = [root, ...path.slice(0, 2)].join('.');
        if (names.has(name)) continue;
        names.add(name);
        if (root === 'local' && path[0] !== undefined && path[0] !== 'manifest') follow(locals[path[0]]);
      }
    }
  };
  follow(value);
  return { names, text: texts.join('\n') };
}
