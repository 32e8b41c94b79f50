import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createCipher } from './cipher.ts';
import { AppError } from './errors.ts';
import type { Secrets } from './secrets.ts';

describe('the cipher', () => {
  const keys = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
  function bench(latest = '1') {
    let current = latest;
    const secrets: Pick<Secrets, 'read'> = {
      async read(_secret, version = current) {
        const value = keys[Number(version) - 1];
        if (value === undefined) throw new AppError('internal', 'no such version');
        return { value, version };
      },
    };
    return { cipher: createCipher(secrets, { randomBytes }), rotate: () => (current = '2') };
  }

  it('gives back what it was given: text, bytes and nothing', async () => {
    const { cipher } = bench();
    for (const plain of ['whsec_ä€😀', '', randomBytes(1000)]) {
      assert.deepEqual(await cipher.decrypt(await cipher.encrypt(plain)), Buffer.from(plain));
    }
  });

  it('never writes the same text twice', async () => {
    const { cipher } = bench();
    assert.notEqual(await cipher.encrypt('same'), await cipher.encrypt('same'));
  });

  it('names the version of its key, and still reads what an older one sealed', async () => {
    const { cipher, rotate } = bench();
    const old = await cipher.encrypt('kept');
    rotate();
    assert.match(old, /^v1\./);
    assert.match(await cipher.encrypt('new'), /^v2\./);
    assert.equal((await cipher.decrypt(old)).toString(), 'kept');
  });

  const internal = (error: unknown) => error instanceof AppError && error.code === 'internal';

  it('notices every altered part', async () => {
    const { cipher } = bench();
    const parts = (await cipher.encrypt('a secret')).split('.');
    for (const at of [1, 2, 3]) {
      const altered = parts.with(
        at,
        (parts[at] as string).replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      );
      await assert.rejects(cipher.decrypt(altered.join('.')), internal, `part ${at}`);
    }
    await assert.rejects(cipher.decrypt(parts.with(0, 'v2').join('.')), internal, 'another key');
    await assert.rejects(cipher.decrypt(parts.with(0, 'v9').join('.')), internal, 'a key that is gone');
  });

  it('refuses what it did not write', async () => {
    const { cipher } = bench();
    const parts = (await cipher.encrypt('a secret')).split('.');
    const wrong = [
      '',
      'plain',
      'v1',
      'v1..',
      'v1.AAAA.AAAA.AAAA',
      `${parts.join('.')}.more`,
      parts.with(1, '').join('.'),
    ];
    wrong.push(parts.with(0, 'v../latest').join('.'), parts.with(0, 'vlatest').join('.'), parts.with(0, '1').join('.'));
    for (const text of wrong) await assert.rejects(cipher.decrypt(text), internal, text);
  });
});
