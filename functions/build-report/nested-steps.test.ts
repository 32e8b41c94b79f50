// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import assert from 'node:assert/strict';
import { runReport } from '../../schemas/report.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import { reportFrom } from '../../shared/reports/from-entities.ts';
import { renderJunit } from '../../shared/reports/junit.ts';
import { failuresOf } from '../../shared/reports/outcome.ts';
import { renderHtml } from '../../shared/reports/render-html.ts';
import { aCheckpoint, aResult, aRun, aSession } from '../testing.ts';

const click = { command: 'interact.click', target: 'Buy' };
const log = { command: 'misc.log', text: 'sold out' };
const steps: Step[] = [
  { command: 'control.loop', times: 2, steps: [{ command: 'control.try', steps: [click], catch: [log] }] },
  {
    command: 'control.if',
    condition: { all: [{ visible: 'Basket' }, { not: { variable: 'n', operator: 'gt', value: 2 } }] },
    then: [click],
    else: [log],
  },
  click,
];

const result = (command: string, path: StepResult['path'] | undefined, given: Partial<StepResult> = {}): StepResult =>
  aResult({ command, ...(path ? { path } : {}), ...given });
const broken: Partial<StepResult> = {
  status: 'error',
  error: { type: 'element-not-found', message: 'there is no Buy' },
};

const results = [
  result('control.loop', undefined),
  result('control.try', [0, 'steps', 0], { iterations: [1] }),
  result('interact.click', [0, 'steps', 0, 'steps', 0], { iterations: [1], ...broken, spared: 'try' }),
  result('misc.log', [0, 'steps', 0, 'catch', 0], { iterations: [1] }),
  result('control.try', [0, 'steps', 0], { iterations: [2] }),
  result('control.if', undefined, { status: 'error', inherited: true }),
  result('interact.click', [1, 'then', 0], broken),
  result('misc.log', [1, 'else', 0], {
    status: 'skipped',
    notes: ['not taken: the condition holds: Basket is visible'],
  }),
].map((one, index) => ({ ...one, index }));

const report = reportFrom({
  run: aRun({ status: 'error', ended_at: new Date(1e12) }),
  sessions: [
    { session: aSession({ status: 'error' }), checkpoints: [aCheckpoint({ steps, results, status: 'error' })] },
  ],
  version: '1',
  href: (name) => `/${name}`,
});
const [session] = report.sessions;
assert.ok(session);

describe('the report of steps inside steps', () => {
  it('has each step before those inside it, with where it stands, and those not reached at the end', () => {
    assert.deepEqual(runReport.problems(report), []);
    const told = session.checkpoints[0]?.steps.map(({ step, inside, result: of }) => [
      step.command,
      inside ? `${inside.depth} ${inside.part}` : '',
      of?.status,
    ]);
    assert.deepEqual(told, [
      ['control.loop', '', 'passed'],
      ['control.try', '1 iteration 1', 'passed'],
      ['interact.click', '2 try', 'error'],
      ['misc.log', '2 catch', 'passed'],
      ['control.try', '1 iteration 2', 'passed'],
      ['control.if', '', 'error'],
      ['interact.click', '1 then', 'error'],
      ['misc.log', '1 else', 'skipped'],
      ['interact.click', '', undefined],
    ]);
    assert.deepEqual(session.checkpoints[0]?.steps[0]?.step, { command: 'control.loop', times: 2 });
    assert.equal(session.checkpoints[0]?.steps[2]?.step.target, 'Buy');
  });

  it('names as failures what went wrong itself and was not caught', () => {
    assert.deepEqual(
      failuresOf(session).map(({ step }) => step.result?.path),
      [[1, 'then', 0]],
    );
  });

  it('shows them indented, with the part that they stand in, and what does not count as such', () => {
    const page = renderHtml(report);
    const items = [...page.matchAll(/<li class="(step [^"]*)".*?<\/li>/gs)].map(([item, looks]) => ({ item, looks }));
    assert.deepEqual(
      items.map(({ looks }) => looks),
      [
        'step passed',
        'step passed in in-1',
        'step quiet in in-2',
        'step passed in in-2',
        'step passed in in-1',
        'step error',
        'step error in in-1',
        'step quiet in in-1',
        'step quiet',
      ],
    );
    assert.match(items[1]?.item ?? '', /<span class="part">iteration 1<\/span>/);
    assert.match(items[2]?.item ?? '', /does not count<\/span> caught by the try around it/);
    assert.match(items[5]?.item ?? '', /If <bdi class="value">\(Basket is visible and not n gt 2\)<\/bdi>/);
    assert.match(items[7]?.item ?? '', /not taken: the condition holds: Basket is visible/);
    assert.match(page, />3 steps</);
  });

  it('says in JUnit what went wrong once, and lists the steps indented', () => {
    const xml = renderJunit(report);
    assert.equal(xml.match(/there is no Buy/g)?.length, 2);
    assert.match(xml, /error {3} {4}try: Click “Buy” \(12 ms, caught by the try around it\)/);
    assert.match(xml, /skipped {3}else: Log “sold out”/);
    assert.match(xml, /message="Click “Buy”: there is no Buy"/);
  });
});
