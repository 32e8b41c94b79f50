// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step, StepResult } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';
import { outline } from './testing/outline.ts';

const page = `<!doctype html><title>0</title>
<button onclick="document.title = Number(document.title) + 1; document.querySelector('#more').hidden = document.title === '3'">Add</button>
<p id="more">more</p><ul><li>Tea</li><li>Cocoa</li></ul>`;

const log = (text: string): Step => ({ command: 'misc.log', text });
const add: Step = { command: 'interact.click', target: 'Add' };
const values = (results: readonly StepResult[]): unknown[] =>
  results.filter(({ command }) => command === 'misc.log').map(({ value }) => value);

describe('control.loop', () => {
  const { run, open } = bench({ '/': page });
  const loop = (fields: Record<string, unknown>, ...steps: Step[]): Step => ({
    command: 'control.loop',
    ...fields,
    steps,
  });

  it('runs its steps so many times and counts from 0', async () => {
    const results = await run(loop({ times: 3 }, add, log('{{index}}')), { command: 'assert.title', value: '3' });
    deepEqual(outline(results), [
      'loop passed',
      ...[1, 2, 3].flatMap((number) => [`  steps.0#${number} click passed`, `  steps.1#${number} log passed`]),
      'title passed',
    ]);
    deepEqual([results[0]?.value, values(results)], [3, ['0', '1', '2']]);
  });

  it('runs as often as a variable says, and not at all for 0', async () => {
    const session = await open({ variables: { n: '2', none: 0 } });
    const steps = [loop({ times: '{{n}}' }, log('x')), loop({ times: '{{none}}' }, log('y'))];
    const { results } = await session.runCheckpoint({ name: 'c', index: 0, steps });
    deepEqual(outline(results), [
      'loop passed',
      '  steps.0#1 log passed',
      '  steps.0#2 log passed',
      'loop passed',
      '  steps.0 log skipped',
    ]);
    deepEqual(results.at(-1)?.notes, ['not run: there is nothing to loop over']);
  });

  it('refuses what is no number of times', async () => {
    for (const times of ['many', '1001', '-1'])
      equal(
        (await run(loop({ times: `{{n}}` }, log('x')), { command: 'misc.comment', text: times }))[0]?.status,
        'error',
      );
    const session = await open({ variables: { n: 1001 } });
    const { results } = await session.runCheckpoint({
      name: 'c',
      index: 0,
      steps: [loop({ times: '{{n}}' }, log('x'))],
    });
    match(results[0]?.error?.message ?? '', /'times' is 1001, but must be at most 1000/);
  });

  it('runs for each item of a list, which {{item}} is, or what as names', async () => {
    const results = await run(
      loop({ over: ['Tea', 'Cocoa'] }, log('{{item}} {{index}}')),
      loop({ over: ['Tea', 'Cocoa'], as: '$drink' }, { command: 'assert.exists', target: '{{drink}}' }),
    );
    deepEqual(values(results), ['Tea 0', 'Cocoa 1']);
    equal(
      results.every(({ status }) => status === 'passed'),
      true,
    );
  });

  it('runs for each row of a table, of a list of objects, of a variable and of JSON', async () => {
    const rows = [{ name: 'Tea' }, { name: 'Cocoa' }];
    for (const over of [
      {
        columns: ['name', 'price'],
        rows: [
          ['Tea', 1],
          ['Cocoa', 2],
        ],
      },
      rows,
      '{{rows}}',
      '$rows',
      JSON.stringify(rows),
    ]) {
      const session = await open({ variables: { rows } });
      const steps = [loop({ over }, log('{{item.name}}'))];
      const { results } = await session.runCheckpoint({ name: 'c', index: 0, steps });
      deepEqual(values(results), ['Tea', 'Cocoa'], JSON.stringify([over, results]));
    }
  });

  it('refuses to run over what is no list, and over more items than 1000', async () => {
    const session = await open({ variables: { word: 'Tea', many: Array.from({ length: 1001 }, () => 1) } });
    const steps = [
      { ...loop({ over: '{{word}}' }, log('x')), onFailure: 'continue' as const },
      { ...loop({ over: '{{many}}' }, log('x')), onFailure: 'continue' as const },
      loop({ over: '{{many}}', max: 2 }, log('x')),
    ];
    const { results } = await session.runCheckpoint({ name: 'c', index: 0, steps });
    match(results[0]?.error?.message ?? '', /over a list or a table, not over string/);
    match(results[1]?.error?.message ?? '', /1001 items/);
    deepEqual(outline(results.slice(2)), ['loop passed', '  steps.0#1 log passed', '  steps.0#2 log passed']);
    deepEqual(results[2]?.notes, ['ends after 2 of 1001 by its max']);
  });

  it('runs until a condition holds, which is looked at after each iteration', async () => {
    const results = await run(loop({ until: { not: { visible: '#more' } }, as: 'n' }, add, log('{{n}}')));
    deepEqual([results[0]?.status, results[0]?.value, values(results)], ['passed', 3, ['1', '2', '3']]);
  });

  it('runs while a condition holds, which is looked at before each iteration', async () => {
    const [counted] = await run(loop({ while: { visible: '#more' } }, add));
    equal(counted?.value, 3);
    const never = await run(loop({ while: { exists: '#none' } }, add));
    deepEqual(outline(never), ['loop passed', '  steps.0 click skipped']);
    deepEqual(never[1]?.notes, ['not run: the condition does not hold: #none exists']);
  });

  it('fails when its condition does not come true within max iterations', async () => {
    const until = await run(loop({ until: { exists: '#none' }, max: 2 }, add), log('on'));
    deepEqual(
      outline(until).filter((line) => !line.startsWith(' ')),
      ['loop failed', 'log passed'],
    );
    deepEqual([until[0]?.expected, until[0]?.actual], ['#none exists', 'not so after 2 iterations']);
    const during = await run(loop({ while: { exists: '#more' }, max: 4 }, add));
    deepEqual([during[0]?.status, during.length], ['failed', 5]);
    const exact = await run(loop({ while: { visible: '#more' }, max: 3 }, add));
    deepEqual([exact[0]?.status, exact[0]?.value], ['passed', 3]);
  });

  it('gives back the variables that it hides, and keeps those that its steps set', async () => {
    const session = await open({ variables: { item: 'mine', index: 'too' } });
    const store: Step = { command: 'data.store-literal', variable: 'last', value: '{{item}}' };
    const steps = [loop({ over: ['a', 'b'] }, store), log('{{item}} {{index}} {{last}}')];
    const { results } = await session.runCheckpoint({ name: 'c', index: 0, steps });
    deepEqual(values(results), ['mine too b']);
    const after = await run(loop({ times: 1 }, log('{{index}}')), log('{{index}}'));
    equal(after.at(-1)?.error?.type, 'unknown-variable');
  });

  it('runs inside another, each with its own index', async () => {
    const inner = loop({ over: ['x', 'y'], as: 'letter' }, log('{{number}}{{letter}}{{index}}'));
    const results = await run(loop({ over: [1, 2], as: 'number' }, inner, log('{{index}}')));
    deepEqual(values(results), ['1x0', '1y1', '0', '2x0', '2y1', '1']);
    deepEqual(results[4]?.iterations, [1]);
    deepEqual(
      [results[6]?.path, results[6]?.iterations],
      [
        [1, 'steps', 0, 'steps', 0],
        [2, 1],
      ],
    );
    equal(new Set(results.map(({ index }) => index)).size, results.length);
  });

  it('goes on after an assertion that does not hold, and is as bad as its worst step', async () => {
    const results = await run(
      loop({ over: ['Tea', 'Coffee', 'Cocoa'] }, { command: 'assert.exists', target: '{{item}}', timeoutMs: 50 }),
      log('on'),
    );
    deepEqual(outline(results), [
      'loop failed, inherited',
      '  steps.0#1 exists passed',
      '  steps.0#2 exists failed',
      '  steps.0#3 exists passed',
      'log passed',
    ]);
  });

  it('ends at a step that cannot be executed', async () => {
    const results = await run(
      loop({ times: 3 }, { command: 'interact.click', target: '#none', timeoutMs: 50 }, log('x')),
      log('y'),
    );
    deepEqual(outline(results), [
      'loop error, inherited',
      '  steps.0#1 click error',
      '  steps.1#1 log skipped',
      'log skipped',
    ]);
    deepEqual(results[2]?.notes, ['not run: step 2 (interact.click) did not pass']);
    deepEqual(results[3]?.notes, ['not run: the session ended at step 2 (interact.click)']);
    equal(results[0]?.value, 1);
  });

  it('keeps a bounded record of many iterations: the first, the last and those that did not pass', async () => {
    const odd: Step = { command: 'assert.variable', name: 'index', value: 500, operator: 'not-equals' };
    const session = await open();
    const { status, results } = await session.runCheckpoint({
      name: 'c',
      index: 0,
      steps: [loop({ times: 1000 }, odd, log('x'))],
    });
    equal(status, 'failed');
    const numbers = [...new Set(results.slice(1).map(({ iterations }) => iterations?.[0]))];
    deepEqual(numbers, [...Array.from({ length: 20 }, (_, at) => at + 1), 501, 1000]);
    deepEqual(results[0]?.notes, ['the record leaves out the steps of 978 iterations']);
    equal(results[0]?.value, 1000);
    equal(results.at(-1)?.index, 2000);
  });

  it('keeps a bounded record of loops inside loops, and never loses a failure', async () => {
    const deepest = loop({ times: 30 }, { command: 'assert.variable', name: 'index', value: 29, operator: 'lt' });
    const session = await open();
    const { status, results } = await session.runCheckpoint({
      name: 'c',
      index: 0,
      steps: [loop({ times: 30 }, loop({ times: 10 }, deepest))],
    });
    equal(status, 'failed');
    equal(results.length < 3000, true, `${results.length} results`);
  });
});
