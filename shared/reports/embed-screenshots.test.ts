import assert from 'node:assert/strict';
import { embedScreenshots } from './embed-screenshots.ts';
import { aReport, aSession, aStep, failedStep } from './report.testing.ts';

const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(60)]);
const webp = Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1');
const log = { command: 'misc.log', text: 'x' };

describe('embedScreenshots', () => {
  it('takes bytes of images by what they are, and data URLs of images', () => {
    const steps = ['a', 'b', 'c', 'd', 'e'].map((name) => aStep(log, {}, name));
    const source = new Map<string, Uint8Array | string>([
      ['a', jpeg],
      ['b', webp],
      ['c', 'data:image/png;base64,iVBORw0KGgo='],
      ['d', 'data:text/html;base64,PGI+'],
      ['e', Buffer.from('<svg onload=alert(1)>')],
    ]);
    const { urls } = embedScreenshots(aReport([aSession('1', steps)]), source);
    assert.deepEqual(
      steps.map((step) => urls.get(step)?.slice(0, 16)),
      ['data:image/jpeg;', 'data:image/webp;', 'data:image/png;b', undefined, undefined],
    );
  });

  it('spends a small budget on the steps that are broken', () => {
    const passed = [aStep(log, {}, 'one'), aStep(log, {}, 'two')];
    const report = aReport([aSession('1', [...passed, failedStep], { status: 'failed' })]);
    const { urls, repeats } = embedScreenshots(report, () => jpeg, 150);
    assert.deepEqual([...urls.keys()], [failedStep]);
    assert.equal(repeats.size, 0);
  });

  it('carries a picture that steps share once', () => {
    const [first, second] = [aStep(log, {}, 'same'), aStep(log, {}, 'same')];
    const { urls, repeats } = embedScreenshots(aReport([aSession('1', [first, second])]), () => jpeg);
    assert.deepEqual([...urls.keys()], [first]);
    assert.deepEqual([...repeats], [second]);
  });

  it('takes the pictures that steps kept, those of broken steps first, and no downloads', () => {
    const kept = (...names: string[]) => names.map((name) => ({ kind: 'actual' as const, name, href: name }));
    const passed = { ...aStep(log), artifacts: kept('one', 'two') };
    const download = { kind: 'download' as const, name: 'file', href: 'file' };
    const broken = { ...aStep(log, { status: 'failed' }), artifacts: [...kept('three'), download] };
    const report = aReport([aSession('1', [passed, broken], { status: 'failed' })]);
    assert.deepEqual([...embedScreenshots(report, () => jpeg).pictures.keys()], ['three', 'one', 'two']);
    assert.deepEqual([...embedScreenshots(report, () => jpeg, 150).pictures.keys()], ['three']);
  });
});
