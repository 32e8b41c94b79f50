import { html, type Markup } from './markup.ts';
import { toneOf } from './outcome.ts';

/** The drawings that the page refers to, each a different shape: colour is never the only sign. */
export const iconSprite = html`<svg class="sprite" aria-hidden="true" width="0" height="0">
<symbol id="i-passed" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M4.8 8.3l2.2 2.2 4.2-4.6"/></symbol>
<symbol id="i-failed" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2"/></symbol>
<symbol id="i-error" viewBox="0 0 16 16"><path class="body" d="M8 1.6l7 12.4H1z"/><path d="M8 6.2v3.6m0 1.9v.2"/></symbol>
<symbol id="i-quiet" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M5 8h6"/></symbol>
</svg>`;

/** A status as a drawing, with its name for those who do not see it. */
export function statusIcon(status: string): Markup {
  const tone = toneOf(status);
  return html`<svg class="icon ${tone}" role="img" aria-label="${status}" width="16" height="16"><use href="#i-${tone}"/></svg>`;
}
