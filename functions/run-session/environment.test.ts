import assert from 'node:assert/strict';
import { anEnvironment, appError } from '../testing.ts';
import { bench } from './bench.testing.ts';

describe("a session's environment", () => {
  it('is what its steps see, its secrets decrypted, masked, and nowhere else', async () => {
    const { engine, environments, sessions, checkpoints, files, run } = bench({ session: { environment: 'staging' } });
    environments.named.resolves(anEnvironment({ files: { cv: 'docs/cv.pdf' } }));
    await run();
    assert.deepEqual(environments.named.args, [['staging', 'usr_1']]);
    const { environment, secrets, outside } = engine.open.firstCall.args[1];
    assert.deepEqual(environment, { HOST: 'staging.example', PASSWORD: 'hunter2' });
    assert.deepEqual(secrets, ['hunter2']);
    assert.doesNotMatch(JSON.stringify([sessions.finish.args, checkpoints.commit.args]), /hunter2/);
    files.get.resolves(Buffer.from('%PDF'));
    await outside.readFile('cv');
    assert.deepEqual(files.get.lastCall.args, ['tests/usr_1/docs/cv.pdf', { most: 50_000_000 }]);
  });

  it('lets nobody read what is of somebody else', async () => {
    const { engine, environments, run } = bench({ session: { environment: 'staging' } });
    environments.named.resolves(anEnvironment({ files: { cv: 'tests/usr_2/cv.pdf' } }));
    await run();
    await assert.rejects(engine.open.firstCall.args[1].outside.readFile('cv'), appError('permission-denied'));
  });

  it('ends the session with a clear error when it does not exist', async () => {
    const { engine, run, end } = bench({ session: { environment: 'stagin' } });
    await run();
    assert.equal(engine.open.callCount, 0);
    const { type, message } = end().error;
    assert.deepEqual(
      [end().status, type, message],
      ['error', 'environment-not-found', "There is no environment 'stagin'."],
    );
  });

  it('is tried again when it cannot be read just now', async () => {
    const { environments, run } = bench({ session: { environment: 'staging' } });
    environments.named.rejects(new Error('down'));
    await assert.rejects(run(), /down/);
  });
});
