import assert from 'node:assert/strict';
import { renderTimeline } from './html-timeline.ts';
import { aSession } from './report.testing.ts';

const at = (id: string, from: number, to: number): ReturnType<typeof aSession> =>
  aSession(id, [], { startedAt: new Date(from * 1000).toISOString(), endedAt: new Date(to * 1000).toISOString() });

describe('renderTimeline', () => {
  it('puts sessions that overlap into lanes of their own, and later ones where there is room', () => {
    const svg = renderTimeline([at('a', 0, 10), at('b', 5, 15), at('c', 11, 20)])?.text ?? '';
    const bars = [...svg.matchAll(/href="#session-(\w)"[\s\S]*?<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)];
    assert.deepEqual(
      bars.map(([, id, x, y, width]) => [id, x, y, width]),
      [
        ['a', '0.0', '24', '500.0'],
        ['c', '550.0', '24', '450.0'],
        ['b', '250.0', '48', '500.0'],
      ],
    );
  });

  it('puts a session that begins as another ends behind it, if that is wide enough to be seen', () => {
    const svg = renderTimeline([at('a', 0, 10), at('b', 10, 10), at('c', 10.01, 20)])?.text ?? '';
    const rows = [...svg.matchAll(/href="#session-(\w)"[\s\S]*?<rect x="[\d.]+" y="(\d+)"/g)];
    assert.deepEqual(
      rows.map(([, id, y]) => [id, y]),
      [
        ['a', '24'],
        ['b', '24'],
        ['c', '48'],
      ],
    );
  });

  it('marks round times', () => {
    const svg = renderTimeline([at('a', 0, 10)])?.text ?? '';
    assert.deepEqual(
      [...svg.matchAll(/<line [\s\S]*?<text [^>]*>([^<]+)/g)].map(([, text]) => text),
      ['0 ms', '2.0 s', '4.0 s', '6.0 s', '8.0 s', '10.0 s'],
    );
  });

  it('is left out when no session has started', () => {
    const waiting = aSession('a', []);
    delete waiting.startedAt;
    assert.equal(renderTimeline([waiting]), undefined);
  });
});
