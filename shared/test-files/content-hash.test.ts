import assert from 'node:assert/strict';
import { contentHash } from './content-hash.ts';
import { readTestFile } from './read.ts';

describe('the content hash', () => {
  it('is SHA-256 of the JSON with sorted keys', () => {
    assert.equal(contentHash({}), '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
    assert.equal(
      contentHash({ b: [1, { d: null, c: 'x' }], a: undefined }),
      contentHash({ b: [1, { c: 'x', d: null }] }),
    );
    assert.notEqual(contentHash({ a: [1, 2] }), contentHash({ a: [2, 1] }));
  });

  it('is the same for the same test in two forms', () => {
    const [one, two] = ['test: x\ndo: [c: a]\n', 'name: x\nsteps: [click: a]\n'].map((text) =>
      contentHash(readTestFile(text, { name: 'a' }).definition),
    );
    assert.equal(one, two);
  });
});
