import assert from 'node:assert/strict';
import sinon from 'sinon';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { reencrypt } from './handler.ts';

describe('reencrypt', () => {
  const told = async (settled: boolean) => {
    const platform = testPlatform();
    const reencryptor = { run: sinon.stub().resolves({ version: '3', resealed: 7, settled }) };
    await reencrypt({}, withBase({ reencryptor }, platform));
    assert.deepEqual(reencryptor.run.args, [[NOON + 480_000]]);
    return platform.lines[0];
  };

  it('says when older versions of the key can be disabled, and not before', async () => {
    const line = await told(true);
    assert.match(line?.message ?? '', /can be disabled/);
    assert.deepEqual([line?.version, line?.resealed], ['3', 7]);
    assert.doesNotMatch((await told(false))?.message ?? '', /disabled/);
  });
});
