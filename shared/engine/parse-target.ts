import { StepError } from './step-error.ts';
import type { Target, TargetObject } from './target.ts';

/** What the page is asked for; see `locate-in-page.ts`. */
export interface Query {
  readonly by:
    | 'css'
    | 'xpath'
    | 'test-id'
    | 'role'
    | 'label'
    | 'placeholder'
    | 'alt'
    | 'title'
    | 'text'
    | 'pattern'
    | 'hint';
  readonly value: string;
  /** Of a pattern. */
  readonly flags?: string;
  /** Accessible name, with a role. */
  readonly name?: string;
  readonly exact?: boolean;
  readonly nth?: number;
  /** CSS to try before a hint: `first` when it looks like a selector, `last` when it could be plain words. */
  readonly css?: 'first' | 'last';
}

/** Reads a target, its variables already filled in. @throws StepError invalid-value. */
export function parseTarget(target: Target): Query {
  return typeof target === 'string' ? parseWords(target.trim()) : parseObject(target);
}

/** The target as people gave it, for messages and records. */
export function asGiven(target: Target): string {
  if (typeof target === 'string') return target;
  return Object.entries(target)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');
}

function parseWords(words: string): Query {
  if (words === '')
    throw new StepError('invalid-value', 'the target is empty', { hint: 'Say which element is meant.' });
  const css = /^css=(.*)$/s.exec(words);
  if (css) return { by: 'css', value: (css[1] ?? '').trim() };
  const xpath = /^xpath=(.*)$/s.exec(words);
  if (xpath) return { by: 'xpath', value: (xpath[1] ?? '').trim() };
  if (words.startsWith('//') || words.startsWith('(//')) return { by: 'xpath', value: words };
  if (/^@[^\s@]+$/.test(words)) return { by: 'test-id', value: words.slice(1) };
  const pattern = /^\/(.+)\/([imsuv]*)$/s.exec(words);
  if (pattern) return checkedPattern(pattern[1] ?? '', pattern[2] ?? '');
  if (/^~./s.test(words)) return { by: 'text', value: words.slice(1).trim() };
  if (looksLikeCss(words)) return { by: 'hint', value: words, css: 'first' };
  if (/^[a-z][a-z0-9-]*(\s*[>\s]\s*[a-z][a-z0-9-]*)*$/.test(words)) return { by: 'hint', value: words, css: 'last' };
  return { by: 'hint', value: words };
}

/** `#id`, `.class`, `[attr]`, `tag.class`, `tag#id`, `tag[attr]`, `tag:pseudo`, `a > b`. */
function looksLikeCss(words: string): boolean {
  return /^(#|\.|\[)[^\s]/.test(words) || /^[a-z][a-z0-9-]*([.#[]|:[a-z-]+)[^\s]*/i.test(words) || /\s>\s/.test(words);
}

function checkedPattern(source: string, flags: string): Query {
  try {
    new RegExp(source, flags);
  } catch (error) {
    throw new StepError(
      'invalid-value',
      `the target /${source}/ is not a regular expression: ${(error as Error).message}`,
      {
        hint: 'Escape special characters, or use ~words for a part of the text.',
      },
    );
  }
  return { by: 'pattern', value: source, flags };
}

const strategies = {
  css: 'css',
  xpath: 'xpath',
  testId: 'test-id',
  role: 'role',
  label: 'label',
  placeholder: 'placeholder',
  alt: 'alt',
  title: 'title',
  text: 'text',
  hint: 'hint',
} as const satisfies Partial<Record<keyof TargetObject, Query['by']>>;

function parseObject(target: TargetObject): Query {
  const named = Object.entries(strategies).filter(([key]) => target[key as keyof TargetObject] !== undefined);
  const [key, by] = named[0] ?? [];
  if (key === undefined || by === undefined || named.length > 1) {
    throw new StepError('invalid-value', `the target ${asGiven(target)} must name exactly one strategy`, {
      hint: `One of ${Object.keys(strategies).join(', ')}; beside it name (with role), exact and nth.`,
    });
  }
  if (target.name !== undefined && by !== 'role') {
    throw new StepError('invalid-value', 'a name goes with a role only', { hint: "{role: 'button', name: 'Log in'}" });
  }
  return {
    by,
    value: String(target[key as keyof TargetObject]),
    ...(target.name === undefined ? {} : { name: target.name }),
    ...(target.exact === undefined ? {} : { exact: target.exact }),
    ...(target.nth === undefined ? {} : { nth: target.nth }),
  };
}
