/** A change that a page may see between two runs. */
export interface Mutation {
  readonly name: string;
  /** The element is gone: whatever is taken in its place is wrong. */
  readonly removes?: boolean;
  /** A function of a seed, to run in the page, where `window.truth` is the element; as source, with all that it calls. */
  readonly source: string;
}

declare global {
  interface Window {
    truth: Element | undefined;
  }
}

/** Runs in the page: every id becomes another; what refers to it follows. */
function renameIds(seed: number): void {
  const letters = (n: number): string => String.fromCharCode(...[3, 7, 11, 5].map((k) => 97 + ((n * k + seed) % 26)));
  for (const [index, element] of [...document.querySelectorAll('[id]')].entries()) {
    const before = element.id;
    element.id = `${letters(index)}${letters(index * 31 + 7)}${index}`;
    for (const name of ['for', 'aria-labelledby', 'aria-controls', 'aria-describedby'])
      for (const other of document.querySelectorAll(`[${name}="${CSS.escape(before)}"]`))
        other.setAttribute(name, element.id);
  }
}

/** Runs in the page: every class becomes another. */
function renameClasses(): void {
  for (const element of document.querySelectorAll('body [class]')) {
    const names = [...element.classList];
    element.setAttribute('class', names.map((name) => `_${name}_x7`).join(' '));
  }
}

/** Runs in the page: what the element is called is said in other words, all of them or with one more. */
function reword(_seed: number, wholly: boolean): void {
  const element = window.truth;
  if (!element) return;
  const say = (words: string): string => (wholly ? 'Proceed' : `${words} now`);
  for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'value']) {
    const words = element.getAttribute(name);
    if (words && !(name === 'value' && !/^(submit|button|reset)$/.test((element as HTMLInputElement).type)))
      element.setAttribute(name, say(words));
  }
  for (const part of [element, ...((element as HTMLInputElement).labels ?? [])]) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const node = texts.nextNode();
    if (node?.textContent?.trim() && part.tagName !== 'SELECT' && part.tagName !== 'TEXTAREA')
      node.textContent = say(node.textContent.trim());
  }
  for (const id of element.getAttribute('aria-labelledby')?.split(' ') ?? []) {
    const label = document.getElementById(id);
    if (label) label.textContent = say(label.textContent ?? '');
  }
}

/** Runs in the page: the element's neighbours come in another order. */
function shuffle(seed: number): void {
  const parent = window.truth?.parentElement;
  if (!parent || parent.tagName === 'TR') return;
  const children = [...parent.querySelectorAll(':scope > *')];
  const order = children.map((child, index) => ({ child, key: Math.sin(seed + index * 7.3) }));
  for (const { child } of order.sort((a, b) => a.key - b.key)) parent.append(child);
}

/** Runs in the page: there is more around the element than before. */
function wrap(): void {
  const element = window.truth;
  if (!element) return;
  for (let depth = 0; depth < 2; depth++) {
    const wrapper = document.createElement('div');
    element.replaceWith(wrapper);
    wrapper.append(element);
  }
}

/** Runs in the page: the element stands elsewhere, in a part of the page that was not there before. */
function move(): void {
  if (!window.truth) return;
  const part = document.createElement('section');
  part.innerHTML = '<h2>Everything else</h2>';
  part.append(window.truth);
  document.body.append(part);
}

/** Runs in the page: something of another kind is put before everything. */
function announce(): void {
  const banner = document.createElement('div');
  banner.innerHTML = '<p style="height:120px">Summer sale! <a href="/sale">Read more</a> <button>Dismiss</button></p>';
  document.body.prepend(banner);
}

function remove(): void {
  window.truth?.remove();
  window.truth = undefined;
}

/** Runs in the page: the element is gone, and another one of its kind stands in its place. */
function replace(): void {
  const element = window.truth;
  if (!element) return;
  const other = element.cloneNode(false) as Element;
  for (const name of ['id', 'name', 'data-testid', 'title', 'alt', 'placeholder', 'href', 'aria-labelledby', 'onclick'])
    if (other.hasAttribute(name)) other.setAttribute(name, name === 'href' ? '/elsewhere' : `other-${name}`);
  for (const label of (element as HTMLInputElement).labels ?? []) {
    const texts = document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode())
      if (text.textContent?.trim()) text.textContent = 'Something else ';
  }
  if (/^(submit|button|reset)$/.test((other as HTMLInputElement).type) && other.hasAttribute('value'))
    other.setAttribute('value', 'Something else');
  if (other.hasAttribute('aria-label')) other.setAttribute('aria-label', 'Something else');
  else if (element.textContent?.trim()) other.textContent = 'Something else';
  element.replaceWith(other);
  window.truth = undefined;
}

type Part = (seed: number, wholly: boolean) => void;

function made(name: string, parts: readonly Part[], body: string, removes = false): Mutation {
  return { name, source: `((seed) => { ${parts.map(String).join('\n')}\n${body} })`, ...(removes ? { removes } : {}) };
}

/** Every kind of change, and those that come together when a page is made anew. */
export const mutations: readonly Mutation[] = [
  made('ids', [renameIds], 'renameIds(seed)'),
  made('ids and classes', [renameIds, renameClasses], 'renameIds(seed); renameClasses()'),
  made('ids and order', [renameIds, shuffle], 'renameIds(seed); shuffle(seed)'),
  made('wrappers', [wrap], 'wrap()'),
  made('ids and wrappers', [renameIds, wrap], 'renameIds(seed); wrap()'),
  made('position', [move], 'move()'),
  made('ids and position', [renameIds, move], 'renameIds(seed); move()'),
  made('one more word', [reword], 'reword(seed, false)'),
  made('other words', [reword], 'reword(seed, true)'),
  made('ids and one more word', [renameIds, reword], 'reword(seed, false); renameIds(seed)'),
  made('ids and other words', [renameIds, reword], 'reword(seed, true); renameIds(seed)'),
  made(
    'made anew',
    [renameIds, renameClasses, wrap, announce, reword],
    'announce(); wrap(); reword(seed, false); renameIds(seed); renameClasses()',
  ),
  made('removed', [remove], 'remove()', true),
  made('removed, ids', [renameIds, remove], 'remove(); renameIds(seed)', true),
  made('replaced', [replace], 'replace()', true),
  made(
    'removed, made anew',
    [renameIds, renameClasses, announce, remove],
    'remove(); announce(); renameIds(seed); renameClasses()',
    true,
  ),
];
