import assert from 'node:assert/strict';
import sinon from 'sinon';
import { aResult } from '../testing.ts';
import { withinDocument } from './within-document.ts';

describe('the results of a checkpoint', () => {
  const keep = async (results: Parameters<typeof withinDocument>[0]) => {
    const put = sinon.stub().resolves('1');
    const kept = await withinDocument(results, 'ses_1/0/results.json', put);
    return { ...kept, put };
  };

  it('are in its document whole while they fit', async () => {
    const results = [aResult({ value: 'x'.repeat(1000) })];
    const { put, ...kept } = await keep(results);
    assert.deepEqual(kept, { results });
    assert.equal(put.callCount, 0);
  });

  it('are in an object whole when they do not, and in the document without their values', async () => {
    const results = [aResult({ value: 'x'.repeat(800_000), notes: ['kept'] }), aResult({ index: 1 })];
    const { put, ...kept } = await keep(results);
    assert.equal(kept.results_object, 'ses_1/0/results.json');
    assert.deepEqual(JSON.parse(put.firstCall.args[1]), results);
    const { value: _value, ...light } = results[0] as (typeof results)[0];
    assert.deepEqual(kept.results, [light, results[1]]);
  });

  it('of very many steps inside others are in the document as far as they fit: those that did not pass always', async () => {
    const inside = (index: number, status: 'passed' | 'failed') =>
      aResult({ index, path: [0, 'steps', 0], iterations: [index], status, notes: ['n'.repeat(500)] });
    const many = Array.from({ length: 3000 }, (_, at) => inside(at + 1, at === 2500 ? 'failed' : 'passed'));
    const results = [aResult({ command: 'control.loop' }), ...many, aResult({ index: 3001 })];
    const { results: kept } = await keep(results);
    assert.ok(Buffer.byteLength(JSON.stringify(kept)) <= 700_000);
    assert.ok(kept.length > 900);
    assert.deepEqual([kept[0]?.command, kept.at(-1)?.index], ['control.loop', 3001]);
    assert.equal(kept.filter(({ status }) => status === 'failed').length, 1);
    assert.deepEqual(
      kept,
      kept.toSorted((a, b) => a.index - b.index),
    );
  });
});
