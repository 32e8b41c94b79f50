import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import type { Aliases } from '../test-files/shapes.ts';
import * as shape from '../test-files/shapes.ts';
import { choice, fields, flag, number, target } from './fields.ts';

const smooth = flag('Scrolls gently instead of jumping; the step ends when the page has come to rest.', false);

interface Scroll {
  readonly mode: 'to' | 'by' | 'bottom' | 'viewport' | 'rest';
  readonly x: number;
  readonly y: number;
  readonly smooth: boolean;
}

/** Runs in the page. The end of a gentle scroll has no dependable event: five frames at the same place are the end. */
function scrollPage({ mode, x, y, smooth }: Scroll): Promise<void> {
  const behavior: ScrollBehavior = smooth ? 'smooth' : 'instant';
  if (mode === 'to') window.scrollTo({ left: x, top: y, behavior });
  if (mode === 'by') window.scrollBy({ left: x, top: y, behavior });
  if (mode === 'viewport') window.scrollBy({ top: y * window.innerHeight, behavior });
  if (mode === 'bottom') window.scrollTo({ top: document.documentElement.scrollHeight, behavior });
  if (!smooth) return Promise.resolve();
  return new Promise((resolve) => {
    let still = 0;
    let last = '';
    const watch = (): void => {
      const at = `${window.scrollX} ${window.scrollY}`;
      still = at === last ? still + 1 : 0;
      last = at;
      if (still >= 5) resolve();
      else requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  });
}

/** Runs in the page: whether it has nothing to scroll itself, but a part that has in its middle. */
function scrollsWithin(): boolean {
  const whole = document.documentElement;
  const fixed = [whole, document.body].some((part) => part && getComputedStyle(part).overflowY === 'hidden');
  if (!fixed && (whole.scrollHeight > innerHeight || whole.scrollWidth > innerWidth)) return false;
  let at = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  for (; at && at !== document.body; at = at.parentElement)
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return true;
  return false;
}

async function scroll(context: StepContext, how: Omit<Scroll, 'smooth'>, smooth = false): Promise<undefined> {
  await context.frame.evaluate(scrollPage, { ...how, smooth });
  if (how.mode !== 'rest' && (await context.frame.evaluate(scrollsWithin))) {
    context.note('nothing was scrolled: not the page scrolls here, but a part of it; turn the mouse wheel over that');
  }
  return undefined;
}

/** The words for the four fixed ways: `top` stands in `scroll: top`, `{to: top}` and `{direction: top}`. */
function towards(word: string): Aliases {
  const said = shape.words({ [word]: {} });
  return {
    compact: { scroll: said },
    simplified: {
      scroll: [
        said,
        shape.keys({ ...shape.named(['to', 'position', 'direction'], said), smooth: shape.anything('smooth') }),
      ],
    },
    sentences: [`scroll [to] [the] ${word} [of] [the] [page]`],
  };
}

function fixed(verb: string, summary: string, how: Omit<Scroll, 'smooth'>) {
  return defineCommand({
    name: `navigate.${verb}`,
    summary,
    kind: 'action',
    fields: fields({}, { smooth }),
    examples: [{ command: `navigate.${verb}` }],
    aliases: towards(verb.replace('scroll-', '')),
    run: ({ smooth }, context) => scroll(context, how, smooth),
  });
}

const places = ['start', 'center', 'end', 'nearest'] as const;

const scrollTo = defineCommand({
  name: 'navigate.scroll-to',
  summary: 'Scrolls the element into view.',
  kind: 'action',
  fields: fields(
    { target },
    {
      block: choice('Where it shall be, up and down.', places, 'start'),
      inline: choice('Where it shall be, left and right.', places, 'nearest'),
      smooth,
    },
  ),
  examples: [{ command: 'navigate.scroll-to', target: '#footer', block: 'center', smooth: true }],
  aliases: {
    compact: { scroll: shape.target() },
    simplified: {
      scroll: [
        shape.target(),
        shape.keys(
          {
            ...shape.named(['to', ...shape.elementNames], shape.target()),
            block: shape.text('block'),
            inline: shape.text('inline'),
            smooth: shape.anything('smooth'),
          },
          { needs: ['target'] },
        ),
      ],
    },
    sentences: ['scroll to {target}', 'scroll down|up to {target}', 'scroll {target} into view'],
  },
  run: async ({ target, block = 'start', inline = 'nearest', smooth = false }, context) => {
    const { locator } = await context.find(target, 'read');
    const behavior: ScrollBehavior = smooth ? 'smooth' : 'instant';
    await locator.evaluate(
      (node, options) => node.scrollIntoView(options),
      { block, inline, behavior },
      {
        timeout: context.left(),
      },
    );
    if (smooth) await scroll(context, { mode: 'rest', x: 0, y: 0 }, true);
    return undefined;
  },
});

const scrollPosition = defineCommand({
  name: 'navigate.scroll-position',
  summary: 'Scrolls the page to a place.',
  kind: 'action',
  fields: fields(
    { x: number('From the left, in pixels.', { minimum: 0 }), y: number('From the top, in pixels.', { minimum: 0 }) },
    { smooth },
  ),
  examples: [{ command: 'navigate.scroll-position', x: 0, y: 400 }],
  aliases: {
    compact: { scroll: [shape.number('y', { x: 0 }), shape.point] },
    simplified: {
      scroll: [
        shape.number('y', { x: 0 }),
        shape.point,
        shape.keys(
          { position: [shape.number('y', { x: 0 }), ...shape.place], smooth: shape.anything('smooth') },
          { needs: ['x', 'y'] },
        ),
      ],
    },
  },
  run: ({ x, y, smooth }, context) => scroll(context, { mode: 'to', x, y }, smooth),
});

const scrollBy = defineCommand({
  name: 'navigate.scroll-by',
  summary: 'Scrolls the page from where it is.',
  kind: 'action',
  fields: fields({ x: number('To the right, in pixels.'), y: number('Down, in pixels.') }, { smooth }),
  examples: [{ command: 'navigate.scroll-by', x: 0, y: 100 }],
  aliases: {
    simplified: {
      scroll: shape.keys(
        { by: [shape.number('y', { x: 0 }), ...shape.place], smooth: shape.anything('smooth') },
        { needs: ['x', 'y'] },
      ),
    },
    sentences: [{ says: 'scroll by {y:number}', fixed: { x: 0 } }],
  },
  run: ({ x, y, smooth }, context) => scroll(context, { mode: 'by', x, y }, smooth),
});

export const scrollCommands = [
  fixed('scroll-top', 'Scrolls to the top of the page.', { mode: 'to', x: 0, y: 0 }),
  fixed('scroll-bottom', 'Scrolls to the bottom of the page.', { mode: 'bottom', x: 0, y: 0 }),
  fixed('scroll-up', 'Scrolls one viewport up.', { mode: 'viewport', x: 0, y: -1 }),
  fixed('scroll-down', 'Scrolls one viewport down.', { mode: 'viewport', x: 0, y: 1 }),
  scrollTo,
  scrollPosition,
  scrollBy,
];
