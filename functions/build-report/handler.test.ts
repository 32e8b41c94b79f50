import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import sinon from 'sinon';
import type { CheckpointEntity, RunEntity } from '../../schemas/entities.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aCheckpoint, appError, aResult, aRun, aSession } from '../testing.ts';
import { buildReport } from './handler.ts';

describe('build-report', () => {
  const event = {
    id: 'evt_1',
    type: 'run.completed',
    source: '',
    subject: '',
    time: '',
    data: { user_id: 'usr_1', run_id: 'run_1' },
  };
  const ended = { status: 'failed', started_at: new Date(NOON), ended_at: new Date(NOON + 5000) } as const;
  function bench(options: { run?: RunEntity; checkpoints?: CheckpointEntity[] } = {}) {
    const runs = { get: sinon.stub().resolves(options.run ?? aRun(ended)) };
    const sessions = { ofRun: sinon.stub().resolves(options.checkpoints ? [aSession(ended)] : []) };
    const checkpoints = { ofSession: sinon.stub().resolves(options.checkpoints ?? []) };
    const artifacts = { get: sinon.stub().resolves(Buffer.from('image')) };
    const objects = new Map<
      string,
      { body: Uint8Array | string; options: { contentType: string; metadata: object } }
    >();
    const reports = {
      put: sinon
        .stub()
        .callsFake(
          async (name: string, body: Uint8Array | string, how: never) => void objects.set(name, { body, options: how }),
        ),
    };
    const platform = testPlatform();
    const services = withBase({ runs, sessions, checkpoints, artifacts, reports } as never, platform) as never;
    const text = (name: string) => Buffer.from(objects.get(name)?.body ?? '').toString();
    return { runs, artifacts, reports, objects, platform, text, run: () => buildReport(event, services) };
  }
  const result = (index: number, more: object = {}) => aResult({ index, screenshot: `ses_1/0/${index}.jpg`, ...more });

  it('writes HTML, JSON and JUnit, and last the manifest with their hashes', async () => {
    const { objects, reports, text, run } = bench({
      checkpoints: [aCheckpoint({ status: 'passed', results: [result(0)] })],
    });
    await run();
    assert.deepEqual([...objects.keys()].sort(), [
      'run_1/index.html',
      'run_1/junit.xml',
      'run_1/manifest.json',
      'run_1/results.json',
    ]);
    assert.equal(reports.put.lastCall.args[0], 'run_1/manifest.json');
    for (const name of ['index.html', 'results.json', 'junit.xml']) {
      const hash = createHash('sha256')
        .update(text(`run_1/${name}`))
        .digest('hex');
      assert.ok(text('run_1/manifest.json').includes(hash), name);
    }
    assert.deepEqual(objects.get('run_1/junit.xml')?.options, {
      contentType: 'application/xml',
      metadata: { owner: 'usr_1', run: 'run_1' },
    });
  });

  it('does not say that it is complete before all of it is stored', async () => {
    const { objects, reports, run } = bench();
    reports.put.withArgs('run_1/junit.xml').rejects(new Error('down'));
    await assert.rejects(run(), /down/);
    assert.ok(!objects.has('run_1/manifest.json'));
  });

  it('reads results that were too large for their document', async () => {
    const { artifacts, text, run } = bench({
      checkpoints: [aCheckpoint({ status: 'passed', results: [aResult()], results_object: 'ses_1/0/results.json' })],
    });
    artifacts.get
      .withArgs('ses_1/0/results.json')
      .resolves(Buffer.from(JSON.stringify([aResult({ value: 'a large value' })])));
    await run();
    assert.match(text('run_1/results.json'), /a large value/);
  });

  it('reads the screenshots of failed steps first', async () => {
    const results = [result(0), result(1, { status: 'failed' }), result(2)];
    const steps = Array(3).fill(aCheckpoint().steps[0]);
    const { artifacts, run } = bench({ checkpoints: [aCheckpoint({ status: 'failed', steps, results })] });
    await run();
    assert.deepEqual(
      artifacts.get.args.map(([name]) => name),
      ['ses_1/0/1.jpg', 'ses_1/0/0.jpg', 'ses_1/0/2.jpg'],
    );
  });

  it('reads and shows the pictures that steps kept', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1');
    const kinds = ['expected', 'actual', 'diff'] as const;
    const artifacts = [
      ...kinds.map((kind) => ({ kind, name: `ses_1/0/home-${kind}.png` })),
      { kind: 'download' as const, name: 'ses_1/0/prices.csv' },
    ];
    const {
      artifacts: store,
      text,
      run,
    } = bench({
      checkpoints: [aCheckpoint({ status: 'failed', results: [result(0, { status: 'failed', artifacts })] })],
    });
    store.get.resolves(png);
    await run();
    assert.deepEqual(
      store.get.args.map(([name]) => name),
      [...kinds.map((kind) => `ses_1/0/home-${kind}.png`), 'ses_1/0/0.jpg'],
    );
    const html = text('run_1/index.html');
    const shown = [...html.matchAll(/<img src="(data:image\/png;base64,[^"]+)"[^>]*><\/button><figcaption>(\w+)/g)];
    assert.deepEqual(
      shown.map(([, url, caption]) => [url, caption]),
      ['Expected', 'Actual', 'Difference'].map((caption) => [
        `data:image/png;base64,${png.toString('base64')}`,
        caption,
      ]),
    );
    assert.match(html, /<code>gs:\/\/virtuoso-artifacts\/ses_1\/0\/prices\.csv<\/code>/);
  });

  it('is written without a screenshot that is missing', async () => {
    const { artifacts, objects, platform, run } = bench({
      checkpoints: [aCheckpoint({ status: 'passed', results: [result(0)] })],
    });
    artifacts.get.rejects(new AppError('not-found', 'gone'));
    await run();
    assert.ok(objects.has('run_1/manifest.json'));
    assert.equal(platform.lines[0]?.severity, 'WARNING');
  });

  it('is written for a run that could not be planned', async () => {
    const { objects, text, run } = bench({
      run: aRun({ status: 'error', error: 'The test is invalid.', ended_at: new Date(NOON) }),
    });
    await run();
    assert.ok(objects.has('run_1/manifest.json'));
    assert.equal((JSON.parse(text('run_1/results.json')) as { run: { status: string } }).run.status, 'error');
  });

  it('is the same when it is asked for again', async () => {
    const { text, run, platform } = bench({ checkpoints: [aCheckpoint({ status: 'passed', results: [result(0)] })] });
    await run();
    const first = text('run_1/manifest.json');
    platform.clock.time += 60_000;
    await run();
    assert.equal(text('run_1/manifest.json'), first);
  });

  it('is given up for a run that is not there', async () => {
    const { runs, reports, run } = bench();
    runs.get.resolves(undefined);
    await assert.rejects(run(), appError('not-found'));
    assert.equal(reports.put.callCount, 0);
  });
});
