/** The page's colours, and the looks of its top, its tools and its viewer. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfbfa, #141518);
  --card: light-dark(#ffffff, #1c1e22);
  --sunk: light-dark(#f3f3f1, #24272c);
  --line: light-dark(#e3e3df, #33373e);
  --text: light-dark(#1d2024, #e7e8ea);
  --dim: light-dark(#5b616b, #a3a9b3);
  --link: light-dark(#1a56a8, #8db8f5);
  --passed: light-dark(#1d7440, #5ec68a);
  --failed: light-dark(#b9251f, #ff8d85);
  --error: light-dark(#8f4a00, #f0b35c);
  --failed-wash: light-dark(#fdf1f0, #2e1d1d);
  --error-wash: light-dark(#fdf5ea, #2b2318);
  --quiet: light-dark(#6a707a, #8c929c);
  --mark: light-dark(#ffd9d5, #6e2b27);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
:root[data-theme=light] { color-scheme: light }
:root[data-theme=dark] { color-scheme: dark }
* { box-sizing: border-box }
html { scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100% }
body { margin: 0 auto; padding: 0 1.25rem 3rem; max-width: 70rem; background: var(--paper); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0 }
h1 { font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; text-wrap: balance }
h2 { margin: 2rem 0 .75rem; font-size: 1.05rem; font-weight: 650 }
a { color: var(--link); text-underline-offset: .15em }
code, dd { overflow-wrap: anywhere }
code { font: .87em/1.5 var(--mono) }
button, input { font: inherit; color: inherit }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px }
.skip { position: absolute; left: -99rem }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 9 }
.sprite { position: absolute }
.icon { flex: none; width: 1.1em; height: 1.1em; fill: none; stroke: #fff; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round }
.icon use { stroke: light-dark(#fff, #141518) }
.passed { --tone: var(--passed) } .failed { --tone: var(--failed) } .error { --tone: var(--error) } .quiet { --tone: var(--quiet) }
.warn { --tone: var(--error) } .plain { --tone: var(--text) }
symbol circle, symbol .body { fill: var(--tone); stroke: var(--tone) }

.top { margin-top: 2.25rem; padding-bottom: .5rem }
.verdict { display: flex; align-items: center; gap: .7rem }
.verdict .icon { width: 2rem; height: 2rem }
.shares { display: block; width: 100%; height: 6px; margin: 1.1rem 0 .9rem; border-radius: 3px; overflow: hidden }
.shares rect { fill: var(--tone, var(--line)) }
.totals { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; list-style: none; color: var(--dim) }
.totals b { color: var(--tone, var(--text)); font-size: 1.25rem; font-weight: 650; font-variant-numeric: tabular-nums }
.about { display: flex; flex-wrap: wrap; gap: .15rem 1.75rem; margin-top: .6rem; font-size: .87rem }
.about div { display: flex; gap: .45rem; min-width: 0 }
.about dt { color: var(--dim); flex: none }

.troubles ol { list-style: none; display: grid; gap: .5rem }
.troubles a { display: flex; gap: .7rem; padding: .7rem .9rem; border-radius: 8px; border-left: 3px solid var(--tone); background: var(--failed-wash); color: inherit; text-decoration: none }
.troubles .error a { background: var(--error-wash) }
.troubles a:hover .words { text-decoration: underline }
.troubles .icon { margin-top: .2em }
.troubles a > span { min-width: 0; display: grid; overflow-wrap: anywhere }
.troubles .words { font-weight: 600 }
.troubles .where { color: var(--dim); font-size: .87rem }
.troubles p { margin-top: .5rem; color: var(--dim) }

.timeline .scroll { overflow-x: auto }
.timeline svg { display: block; min-width: 42rem }
.timeline .tick line { stroke: var(--line) }
.timeline .tick text { fill: var(--dim); font-size: 11px }
.bar rect { fill: color-mix(in srgb, var(--tone) 22%, var(--card)); stroke: var(--tone); stroke-width: 1 }
.bar:hover rect, .bar:focus-visible rect { stroke-width: 2 }
.bar text { fill: var(--text); font-size: 12px }

.tools { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .5rem; padding: .6rem 0; background: var(--paper) }
.tools button, #origin { padding: .35rem .75rem; border: 1px solid var(--line); border-radius: 7px; background: var(--card); cursor: pointer }
.tools button:hover { border-color: var(--quiet) }
.filters { display: flex }
.filters button { border-radius: 0; margin-left: -1px }
.filters button:first-child { border-radius: 7px 0 0 7px; margin: 0 } .filters button:last-child { border-radius: 0 7px 7px 0 }
.filters button:only-child { border-radius: 7px }
.filters button[aria-pressed=true] { background: var(--text); border-color: var(--text); color: var(--paper) }
.filters span { opacity: .75; font-variant-numeric: tabular-nums }
#search { flex: 1 1 12rem; min-width: 0; padding: .35rem .75rem; border: 1px solid var(--quiet); border-radius: 7px; background: var(--card) }
#search::placeholder { color: var(--dim); opacity: 1 }
.none { padding: 2rem; text-align: center; color: var(--dim) }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .82rem }

dialog { width: min(96vw, 90rem); height: 94vh; max-width: none; max-height: none; padding: 0; border: 0; border-radius: 10px; background: var(--card); color: var(--text); overflow: hidden }
dialog[open] { display: grid; grid-template-rows: auto minmax(0, 1fr) }
dialog::backdrop { background: rgb(0 0 0 / .6) }
.bar-top { display: flex; align-items: center; gap: .75rem; padding: .6rem .9rem; border-bottom: 1px solid var(--line) }
#caption { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow-wrap: anywhere }
#caption small { display: block; color: var(--dim) }
#origin { text-decoration: none; white-space: nowrap; font-size: .9rem }
.stage { position: relative; display: grid; place-items: center; min-height: 0; background: var(--sunk) }
.stage img { max-width: 100%; max-height: 100%; object-fit: contain; box-shadow: 0 1px 8px rgb(0 0 0 / .25) }
.stage button, #close { width: 2.4rem; height: 2.4rem; border: 1px solid var(--line); border-radius: 50%; background: var(--card); font-size: 1.2rem; line-height: 1; cursor: pointer }
.stage button { position: absolute; top: calc(50% - 1.2rem) } #previous { left: .75rem } #next { right: .75rem }
.stage button:disabled { opacity: .35; cursor: default }

@media (max-width: 40rem) {
  body { padding: 0 .8rem 2rem }
  h1 { font-size: 1.35rem }
  .top { margin-top: 1.25rem }
  .tools button { padding: .35rem .6rem }
  #search { order: -1; flex-basis: 100% }
  dialog { width: 100vw; height: 100dvh; border-radius: 0 }
  .stage button { top: auto; bottom: .75rem }
}
@media print {
  :root, :root[data-theme] { color-scheme: light }
  body { max-width: none; padding: 0; font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact }
  .tools, .skip, footer, dialog { display: none }
  .timeline svg { min-width: 0 }
  a { color: inherit; text-decoration: none }
}
`;
