import { deepEqual, equal, match } from 'node:assert/strict';
import { PNG } from 'pngjs';
import type { Step, StepResult } from '../../schemas/step.ts';
import type { SnapshotUpdates } from '../engine/outside.ts';
import { bench, outsideOf } from './testing/bench.ts';

/** `?box=PX` moves the box, `?tall` makes the element taller. */
const page = `<!doctype html><title>Looks</title>
<style>
  body { margin: 0 } #box { position: absolute; top: 100px; width: 100px; height: 100px; background: teal }
  #card { width: 200px; height: 50px; background: gold }
  @keyframes move { to { transform: translateX(300px) } }
  #spinner { position: absolute; top: 300px; width: 20px; height: 20px; background: red; animation: move 1s infinite linear }
</style>
<div id="card"></div><div id="box"></div><div id="spinner"></div>
<label style="position:absolute;top:400px">Pin <input id="pin" autofocus></label>
<script>
  const asked = new URLSearchParams(location.search);
  box.style.left = (asked.get('box') ?? 0) + 'px';
  if (asked.has('tall')) card.style.height = '80px';
</script>`;

const restless = `<canvas id="c" width="300" height="300"></canvas><script>
  const brush = c.getContext('2d');
  (function draw() { brush.fillStyle = '#' + Math.floor(Math.random() * 4096).toString(16).padStart(3, '0'); brush.fillRect(0, 0, 300, 300); requestAnimationFrame(draw) })();
</script>`;

describe('assert.snapshot', () => {
  const { open, stored, files, baselines } = bench({ '/': page, '/restless': restless });

  /** Opens the page and looks at it. */
  async function look(
    url: string,
    fields: Partial<Step> = {},
    update: SnapshotUpdates = 'missing',
  ): Promise<StepResult> {
    const outside = outsideOf({ files, baselines });
    const session = await open({ outside: { ...outside, baselines: { ...outside.baselines, update } } });
    const steps = [
      { command: 'navigate.to', url },
      { command: 'assert.snapshot', name: 'looks', ...fields },
    ];
    return (await session.runCheckpoint({ name: 'x', index: 0, steps })).results[1] as StepResult;
  }
  const kinds = ({ artifacts }: StepResult): string[] => (artifacts ?? []).map(({ kind }) => kind);
  const key = 'looks-chromium-1280x720';

  it('keeps the picture the first time, and passes afterwards although things move and carets blink', async () => {
    const first = await look('/');
    deepEqual(
      [first.status, first.value, first.notes, kinds(first)],
      ['passed', key, [`baseline created: ${key}`], ['actual']],
    );
    deepEqual([...baselines.keys()], [key]);
    const again = await look('/');
    deepEqual([again.status, again.actual, kinds(again), again.notes], ['passed', 'none differs', [], undefined]);
  });

  it('fails when too much differs, and keeps what was expected, what was seen, and the difference', async () => {
    await look('/');
    const { status, expected, actual, artifacts = [] } = await look('/?box=300');
    deepEqual([status, expected], ['failed', 'at most 1 % of the pixels differ']);
    match(String(actual), /^2\.17 % differ: 20000 pixels$/);
    deepEqual(
      artifacts.map(({ kind, name }) => [kind, name]),
      ['expected', 'actual', 'diff'].map((kind) => [kind, `runs/r/s/0/${key}-${kind}.png`]),
    );
    const [before, now, diff] = artifacts.map(({ name }) => PNG.sync.read(Buffer.from(stored.get(name)?.body ?? '')));
    const colour = (png: PNG | undefined, x: number, y: number) => [
      ...(png?.data.subarray((y * 1280 + x) * 4).subarray(0, 3) ?? []),
    ];
    deepEqual(
      [colour(before, 50, 150), colour(now, 50, 150)],
      [
        [0, 128, 128],
        [255, 255, 255],
      ],
    );
    deepEqual(
      [colour(diff, 50, 150), colour(diff, 350, 150)],
      [
        [255, 0, 0],
        [255, 0, 0],
      ],
    );
    equal((await look('/?box=300', { maxDiffRatio: 0.03 })).status, 'passed');
    equal((await look('/?box=0', { maxDiffRatio: 0 })).status, 'passed');
  });

  it('compares an element alone, and says when its size is another', async () => {
    const card = { name: 'card', target: '#card' };
    await look('/', card);
    equal((await look('/?box=300', card)).status, 'passed');
    const taller = await look('/?tall', card);
    deepEqual([taller.status, taller.expected, taller.actual], ['failed', '200 × 50 pixels', '200 × 80 pixels']);
    deepEqual(kinds(taller), ['expected', 'actual']);
  });

  it('writes what has changed where that is wanted, and nothing where it is forbidden', async () => {
    const none = await look('/', {}, 'none');
    deepEqual([none.status, none.actual, kinds(none), baselines.size], ['failed', 'there is none', ['actual'], 0]);
    await look('/');
    const renewed = await look('/?box=300', {}, 'changed');
    deepEqual([renewed.status, renewed.notes], ['passed', [`baseline updated: ${key}`]]);
    equal((await look('/?box=300', {}, 'none')).status, 'passed');
    equal((await look('/', {}, 'none')).status, 'failed');
  });

  it('has a picture of its own for every viewport', async () => {
    const session = await open();
    const steps = [
      { command: 'navigate.to', url: '/' },
      { command: 'assert.snapshot', name: 'my / page' },
      { command: 'window.resize', width: 800, height: 600 },
      { command: 'assert.snapshot', name: 'my / page' },
    ];
    await session.runCheckpoint({ name: 'x', index: 0, steps });
    deepEqual([...baselines.keys()], ['my-page-chromium-1280x720', 'my-page-chromium-800x600']);
  });

  it('shows no secret: what was written as one is a box, however long it is', async () => {
    const written = async (text: string) => {
      const session = await open();
      const steps = [
        { command: 'navigate.to', url: '/' },
        { command: 'interact.write', target: '#pin', text, secret: true },
        { command: 'assert.snapshot', name: 'pin', target: '#pin', maxDiffRatio: 0 },
      ];
      return (await session.runCheckpoint({ name: 'x', index: 0, steps })).results[2]?.status;
    };
    deepEqual([await written('1234'), await written('a much longer pin')], ['passed', 'passed']);
    const { data } = PNG.sync.read(Buffer.from(baselines.get('pin-chromium-1280x720') ?? ''));
    deepEqual([...data.subarray(data.length / 2, data.length / 2 + 3)], [255, 0, 255]);
  });

  it('cannot be executed on what is not there, what does not stand still, or against what is no picture', async () => {
    const gone = await look('/', { target: '#gone', timeoutMs: 100 });
    const moving = await look('/restless', { timeoutMs: 1500 });
    baselines.set(key, Buffer.from('no PNG'));
    const broken = await look('/');
    deepEqual(
      [gone, moving, broken].map(({ status, error }) => [status, error?.type]),
      [
        ['error', 'element-not-found'],
        ['error', 'timeout'],
        ['error', 'internal'],
      ],
    );
    match(moving.error?.message ?? '', /does not stand still/);
  });
});
