import assert from 'node:assert/strict';
import sinon from 'sinon';
import { withBase } from '../../shared/platform/testing.ts';
import { rotateTokenKey } from './handler.ts';

describe('rotating the key of access tokens', () => {
  const rotate = async (versions: string[], added: string) => {
    const secrets = {
      read: sinon.stub(),
      add: sinon.stub().resolves(added),
      versions: sinon.stub().resolves(versions),
      disable: sinon.stub().resolves(),
    };
    await rotateTokenKey({}, withBase({ secrets, newKey: () => 'new key' }));
    assert.equal(secrets.add.firstCall.args[1], 'new key');
    return secrets.disable.args.map(([, version]) => version as string);
  };

  it('keeps the one before: tokens that it has signed are still about', async () => {
    assert.deepEqual(await rotate(['2', '1'], '2'), []);
  });

  it('disables all from before that', async () => {
    assert.deepEqual(await rotate(['10', '9', '8', '3'], '10'), ['8', '3']);
  });

  it('leaves what another rotation has added meanwhile', async () => {
    assert.deepEqual(await rotate(['11', '10', '9', '8'], '10'), ['8']);
  });
});
