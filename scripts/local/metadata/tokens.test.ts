import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import { Store } from '../plumbing/store.ts';
import { loadSigningKey } from './keys.ts';
import { createTokens } from './tokens.ts';

describe('the token cache', () => {
  it('makes a new token five minutes before the old one expires', async () => {
    const store = new Store(':memory:');
    let now = 1_800_000_000_000;
    const tokens = createTokens(await loadSigningKey(store, now), () => now);
    const first = await tokens.identity('a', 'b');
    const access = tokens.access('b', ['x']);
    now += 54 * 60 * 1000;
    assert.equal(await tokens.identity('a', 'b'), first);
    assert.equal(tokens.access('b', ['x']), access);
    now += 2 * 60 * 1000;
    const second = await tokens.identity('a', 'b');
    assert.equal(decodeJwt(second).iat, now / 1000);
    assert.notEqual(tokens.access('b', ['x']), access);
    store.close();
  });
});
