import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity } from '../../schemas/entities.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { aTest, aTrigger } from '../testing.ts';
import { runObjectTriggers } from './handler.ts';

describe('run-object-triggers', () => {
  function bench() {
    const triggers = {
      ofObjects: sinon
        .stub()
        .resolves([
          aTrigger({ id: 'trg_builds', on: 'object', path: 'builds/**' }),
          aTrigger({ id: 'trg_csv', on: 'object', path: '**/*.csv' }),
        ]),
    };
    const runs = { get: sinon.stub().resolves(undefined), create: sinon.stub().resolves(true) };
    const services = {
      ...{ triggers, runs, users: { get: async () => undefined } },
      buckets: { lease: async () => ({ granted: 1, left: 0 }) },
      tests: { getAll: async (ids: string[]) => ids.map((id) => aTest({ id })) },
    };
    const land = (name: string, generation = '7', metadata = {}) => {
      const object = {
        eventId: 'e',
        bucket: 'virtuoso-tests',
        name,
        generation,
        contentType: undefined,
        size: 1,
        metadata,
      };
      return runObjectTriggers(object, withBase(services as never) as never);
    };
    const started = () => runs.create.args.map(([run]) => run as RunEntity);
    return { triggers, land, started };
  }

  it('starts the runs of those triggers whose pattern fits', async () => {
    const { land, started } = bench();
    await land('tests/usr_1/builds/1/app.zip');
    await land('tests/usr_1/builds/data.csv');
    assert.deepEqual(
      started().map(({ started_by, trigger, user_id }) => [started_by, trigger, user_id]),
      ['trg_builds', 'trg_builds', 'trg_csv'].map((id) => [id, 'event', 'usr_1']),
    );
    await land('tests/usr_1/other.txt');
    assert.equal(started().length, 3);
  });

  it('starts one for each generation of an object, however often it is told', async () => {
    const { land, started } = bench();
    for (const generation of ['7', '7', '8']) await land('tests/usr_1/builds/app.zip', generation);
    const [first, again, next] = started().map(({ id }) => id);
    assert.equal(first, again);
    assert.notEqual(first, next);
  });

  it('asks for the triggers of the folder, whatever the metadata says, and of no other object', async () => {
    const { triggers, land } = bench();
    await land('tests/usr_1/builds/app.zip', '7', { owner: 'usr_2' });
    for (const name of ['baselines/usr_1/a.png', 'tests/a.yaml', 'tests/usr_1/', 'tests//a']) await land(name);
    assert.deepEqual(triggers.ofObjects.args, [['usr_1']]);
  });
});
