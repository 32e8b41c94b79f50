import assert from 'node:assert/strict';
import { torture } from './torture.ts';

describe('a local cloud whose process is killed again and again', () => {
  it('loses nothing that it acknowledged, and leaves nothing stuck, half done or out of order', async function () {
    this.timeout(120_000);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const { violations, counts } = await torture({ seed, kills: 3, between: 30 });
    assert.deepEqual(violations, [], `npm run torture -- --seed ${seed}`);
    assert.ok((counts['transfers acknowledged'] ?? 0) > 0);
  });
});
