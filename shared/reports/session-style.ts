/** The looks of sessions, checkpoints and steps. */
export const sessionStyle = `
.session { margin-bottom: .6rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); content-visibility: auto; contain-intrinsic-size: auto 3.4rem }
.session[open] { contain-intrinsic-size: auto 40rem }
.session.failed, .session.error { border-color: color-mix(in srgb, var(--tone) 45%, var(--line)) }
summary { cursor: pointer; list-style: none }
summary::-webkit-details-marker { display: none }
.session > summary { display: flex; align-items: center; gap: .7rem; padding: .75rem 1rem; border-radius: 10px }
.session > summary:hover, .checkpoint > summary:hover { background: var(--sunk) }
.title { flex: 1; min-width: 0; display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .7rem; overflow-wrap: anywhere }
h3 { font-size: 1rem; font-weight: 600 }
h4 { flex: 1; min-width: 0; font-size: .95rem; font-weight: 600; overflow-wrap: anywhere }
.chips { display: flex; flex-wrap: wrap; gap: .3rem; min-width: 0 }
.chip { padding: 0 .5rem; border-radius: 9px; background: var(--sunk); color: var(--dim); font-size: .8rem; line-height: 1.45; overflow-wrap: anywhere }
.chip.tag { background: none; box-shadow: inset 0 0 0 1px var(--line) }
.chip.warn { background: var(--error-wash); color: var(--error) }
.strip { flex: none } .strip rect { fill: var(--tone) } .strip .passed { opacity: .55 } .strip .quiet { opacity: .35 }
.took { flex: none; color: var(--dim); font-size: .87rem; font-variant-numeric: tabular-nums; text-decoration: none; white-space: nowrap }
.session > summary > .took { min-width: 4.2rem; text-align: right }
a.took:hover { text-decoration: underline }
.inside { padding: 0 1rem 1rem }
.inside > .about { margin: 0 0 .8rem; font-size: .85rem }
.kept { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .6rem; margin-top: .6rem }
.kept .thumb { width: 100% } .kept .thumb img { object-fit: contain; object-position: center }
.kept figcaption { color: var(--dim); font-size: .82rem }

.inside > .trouble { margin-bottom: .8rem }

.checkpoint { border-top: 1px solid var(--line) }
.checkpoint > summary { display: flex; align-items: center; gap: .6rem; margin: 0 -.5rem; padding: .55rem .5rem; border-radius: 6px }
.count { color: var(--dim); font-size: .87rem }
.checkpoint ol { list-style: none; padding: 0 0 .6rem 1.7rem }
.step { display: flex; gap: 1rem; padding: .4rem .6rem; border-radius: 8px; scroll-margin-top: 5rem }
.step + .step { border-top: 1px solid color-mix(in srgb, var(--line) 55%, transparent) }
.step.failed { background: var(--failed-wash) } .step.error { background: var(--error-wash) }
.step.failed, .step.error { padding: .7rem .6rem; border-color: transparent; margin: .2rem 0 }
.step:target, .step.here { box-shadow: 0 0 0 2px var(--link) }
.session.here { box-shadow: 0 0 0 2px var(--link) }
.step.in { border-left: 2px solid var(--line); border-radius: 0 8px 8px 0 }
.step.in-1 { margin-left: 1.4rem } .step.in-2 { margin-left: 2.8rem } .step.in-3 { margin-left: 4.2rem } .step.in-4 { margin-left: 5.6rem } .step.in-5 { margin-left: 7rem }
.part { padding: 0 .4rem; border-radius: 4px; background: var(--sunk); color: var(--dim); font-size: .8rem; white-space: nowrap }
.what { flex: 1; min-width: 0 }
.line { display: flex; gap: .6rem }
.line .icon { margin-top: .22em }
.step.passed .line .icon { opacity: .75 } .step.quiet .words { color: var(--dim) }
.words { min-width: 0; overflow-wrap: anywhere }
.label { font-weight: 600 } .label::after { content: "·"; margin-left: .35em; font-weight: 400; color: var(--dim) }
.value { padding: .05em .35em; border-radius: 4px; background: var(--sunk); font: .87em/1.5 var(--mono); overflow-wrap: anywhere; box-decoration-break: clone; -webkit-box-decoration-break: clone }
.failed .value, .error .value { background: color-mix(in srgb, var(--tone) 12%, transparent) }
.fact { margin-left: 1.7em; color: var(--dim); font-size: .87rem; overflow-wrap: anywhere; white-space: pre-wrap }
.term { opacity: .9 }
.healed strong { color: var(--error) }
.side { flex: none; width: 7.5rem; display: flex; flex-direction: column; align-items: flex-end; gap: .3rem }
.step.passed .side, .step.quiet .side { width: auto; flex-direction: row-reverse; align-items: flex-start; justify-content: flex-start; gap: .8rem }
.side .took { min-width: 4.2rem; text-align: right }
.file { font-size: .87rem }
.thumb { display: block; width: 7.5rem; aspect-ratio: 16 / 10; padding: 0; border: 1px solid var(--line); border-radius: 5px; overflow: hidden; background: var(--sunk); cursor: zoom-in }
.passed .thumb { width: 5rem }
.thumb:hover { border-color: var(--link) }
.thumb img { display: block; width: 100%; height: 100%; object-fit: cover; object-position: top }

.trouble { margin: .6rem 0 .2rem; padding: .65rem .85rem; border-left: 3px solid var(--tone); border-radius: 0 6px 6px 0; background: var(--card) }
.message { font-weight: 600; white-space: pre-wrap; overflow-wrap: anywhere }
.hint { margin-top: .3rem; overflow-wrap: anywhere; white-space: pre-wrap } .hint strong { color: var(--link) }
.kind { margin-top: .25rem; color: var(--dim); font: .8rem/1.4 var(--mono); overflow-wrap: anywhere }
.compare { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .6rem; margin-top: .6rem }
.compare dt { color: var(--dim); font-size: .82rem }
.compare dd { max-height: 18rem; overflow: auto; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card); font: .87rem/1.5 var(--mono); white-space: pre-wrap }
.compare i { color: var(--dim) }
mark { background: var(--mark); color: inherit; border-radius: 3px }
.candidates, .problems { margin-top: .6rem; font-size: .87rem }
.candidates ul, .problems ul { margin-top: .2rem; padding-left: 1.2rem }
.problems li { font-family: var(--mono); font-size: .93em; overflow-wrap: anywhere; white-space: pre-wrap }
.problems summary { width: fit-content; margin-left: 2em; color: var(--error) }
.problems[open] summary { margin-left: 0 }
.problems summary::before { content: "▸ " } .problems[open] summary::before { content: "▾ " }

@media (max-width: 40rem) {
  .session > summary { gap: .5rem; padding: .65rem .7rem }
  .strip { display: none }
  .inside { padding: 0 .7rem .7rem }
  .checkpoint ol { padding-left: 0 }
  .step { flex-wrap: wrap; gap: .4rem; padding: .45rem }
  .what { flex-basis: 100% }
  .step .side, .step.passed .side, .step.quiet .side { width: 100%; flex-direction: row-reverse; justify-content: flex-end; align-items: center; padding-left: 1.7em }
  .side .took { min-width: 0; text-align: left }
  .compare { grid-template-columns: minmax(0, 1fr) }
  .step.in-2, .step.in-3, .step.in-4, .step.in-5 { margin-left: 1.8rem }
  .count { display: none }
}
@media print {
  .session { content-visibility: visible; break-inside: auto; border-radius: 0 }
  .step, .trouble { break-inside: avoid }
  details::details-content { content-visibility: visible; display: block }
  .compare dd { max-height: none }
}
`;
