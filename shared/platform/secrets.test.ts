import assert from 'node:assert/strict';
import sinon from 'sinon';
import { apiKeySecret } from '../resources/secrets.ts';
import { AppError } from './errors.ts';
import { createSecrets } from './secrets.ts';
import { testPlatform } from './testing.ts';

describe('secrets', () => {
  const answer = (version: string) => [
    { name: `projects/1/secrets/virtuoso-api-key/versions/${version}`, payload: { data: Buffer.from(`v${version}`) } },
  ];
  function bench() {
    const accessSecretVersion = sinon.stub();
    const platform = testPlatform({ clients: { secretManager: async () => ({ accessSecretVersion }) } });
    return { accessSecretVersion, platform, secrets: createSecrets(platform) };
  }

  it('are read in their latest version, and tell which one it is', async () => {
    const { accessSecretVersion, secrets } = bench();
    accessSecretVersion.resolves(answer('7'));
    assert.deepEqual(await secrets.read(apiKeySecret), { value: 'v7', version: '7' });
    assert.deepEqual(accessSecretVersion.firstCall.args, [
      { name: 'projects/virtuoso-test/secrets/virtuoso-api-key/versions/latest' },
    ]);
  });

  it('are asked for once in five minutes, however many need them', async () => {
    const { accessSecretVersion, platform, secrets } = bench();
    accessSecretVersion.resolves(answer('1'));
    await Promise.all([secrets.read(apiKeySecret), secrets.read(apiKeySecret)]);
    platform.clock.time += 299_000;
    await secrets.read(apiKeySecret);
    assert.equal(accessSecretVersion.callCount, 1);
    platform.clock.time += 2000;
    accessSecretVersion.resolves(answer('2'));
    assert.equal((await secrets.read(apiKeySecret)).version, '2');
  });

  it('are kept by version', async () => {
    const { accessSecretVersion, secrets } = bench();
    accessSecretVersion.resolves(answer('3'));
    await secrets.read(apiKeySecret, '3');
    await secrets.read(apiKeySecret);
    assert.equal(accessSecretVersion.callCount, 2);
  });

  it('that cannot be read are unavailable, and asked for again the next time', async () => {
    const { accessSecretVersion, secrets } = bench();
    accessSecretVersion.onFirstCall().rejects(new Error('down')).onSecondCall().resolves(answer('1'));
    await assert.rejects(
      secrets.read(apiKeySecret),
      (error) => error instanceof AppError && error.code === 'unavailable',
    );
    assert.equal((await secrets.read(apiKeySecret)).value, 'v1');
  });

  for (const [code, words] of [
    [5, 'NOT_FOUND'],
    [9, 'FAILED_PRECONDITION'],
  ] as const) {
    it(`whose version is gone (${words}) are no matter of waiting`, async () => {
      const { accessSecretVersion, secrets } = bench();
      accessSecretVersion.rejects(Object.assign(new Error(words), { code }));
      await assert.rejects(
        secrets.read(apiKeySecret, '1'),
        (error) => error instanceof AppError && error.code === 'internal',
      );
    });
  }
});
