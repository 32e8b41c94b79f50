import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { NewEvent } from '../events/publish.ts';
import { derivedId } from '../platform/ids.ts';
import { NOON, testPlatform } from '../platform/testing.ts';
import { createRunLog, isSeq, type LoggedEvent } from './run-log.ts';

const started = (runId: string): NewEvent => ({
  type: 'run.started',
  key: [runId],
  subject: `runs/${runId}`,
  time: new Date(NOON),
  data: { user_id: 'usr_1', run_id: runId, sessions: 2 },
});

/** A document of a log as Firestore gives it. */
const stored = (id: string, micros: number, types: readonly string[]) => ({
  id,
  exists: true,
  createTime: { seconds: Math.floor(micros / 1e6), nanoseconds: (micros % 1e6) * 1000 },
  get: (field: string) =>
    field === 'events'
      ? JSON.stringify(types.map((type) => ({ id: `evt_${type}`, type, time: 't', data: {} })))
      : undefined,
});

describe('the log of a run', () => {
  function bench(documents: ReturnType<typeof stored>[] = []) {
    const create = sinon.stub().resolves();
    const where = sinon.stub().returnsThis();
    let listener: (snapshot: unknown) => void = () => {};
    const stop = sinon.stub();
    const listening = Promise.withResolvers<void>();
    const log = {
      doc: (id: string) => ({ create: (data: object) => create(id, data), get: async () => documents[0] }),
      where,
      get: async () => ({ docs: documents }),
      onSnapshot(given: typeof listener) {
        listener = given;
        listening.resolve();
        return stop;
      },
    };
    const paths: string[] = [];
    const firestore = {
      collection: () => ({
        doc: (id: string) => {
          paths.push(id);
          return { collection: () => log };
        },
      }),
    };
    const platform = testPlatform({ clients: { firestore: async () => firestore } });
    const show = (...added: ReturnType<typeof stored>[]) =>
      listener({ docChanges: () => added.map((doc) => ({ type: 'added', doc })) });
    return { create, where, stop, paths, listening: listening.promise, show, service: createRunLog(platform) };
  }
  const micros = NOON * 1000;
  const typesOf = (events: readonly LoggedEvent[]) => events.map(({ type }) => type);

  it('keeps what is told at once as one document, named by its first event, without the user', async () => {
    const { service, create, paths } = bench();
    const created: NewEvent = {
      ...started('run_1'),
      type: 'run.created',
      data: { user_id: 'usr_1', run_id: 'run_1', trigger: 'api', tests: 1 },
    };
    await service.append([created, started('run_1')]);
    const [id, entry] = create.firstCall.args as [string, { events: string; expires_at: Date }];
    assert.deepEqual([create.callCount, paths, id], [1, ['run_1'], derivedId('evt', 'run.created', 'run_1')]);
    const events = JSON.parse(entry.events) as LoggedEvent[];
    assert.deepEqual(typesOf(events), ['run.created', 'run.started']);
    assert.deepEqual(events[1]?.data, { run_id: 'run_1', sessions: 2 });
    assert.ok(entry.expires_at.getTime() > NOON);
  });

  it('divides what is too much for one', async () => {
    const { service, create } = bench();
    const many = Array.from({ length: 401 }, (_, n) => ({ ...started('run_1'), key: [n] }));
    await service.append(many);
    const sizes = create.args.map(([, { events }]) => JSON.parse(events).length);
    assert.deepEqual(sizes, [200, 200, 1]);
    assert.equal(new Set(create.args.map(([id]) => id)).size, 3);
  });

  it('takes an event once, and no failure for that', async () => {
    const { service, create } = bench();
    create.rejects(Object.assign(new Error('ALREADY_EXISTS'), { code: 6 }));
    await service.append([started('run_1')]);
    create.rejects(Object.assign(new Error('UNAVAILABLE'), { code: 14 }));
    await assert.rejects(service.append([started('run_1')]), /UNAVAILABLE/);
  });

  it('is read in the order of the commits, and from after a place in it', async () => {
    const { service, where } = bench([
      stored('evt_b', micros + 1, ['run.started']),
      stored('evt_c', micros, ['a', 'b']),
    ]);
    const all = await service.read('run_1', undefined);
    assert.deepEqual(typesOf(all), ['a', 'b', 'run.started']);
    assert.ok(all.every(({ seq }) => isSeq(seq)));
    assert.equal(where.callCount, 0);
    assert.deepEqual(typesOf(await service.read('run_1', all[0]?.seq)), ['b', 'run.started']);
    const [field, operator, from] = where.firstCall.args as [string, string, Date];
    assert.deepEqual([field, operator, from.getTime() < NOON], ['created_at', '>', true]);
  });

  it('is followed: what is there, then what comes, each once', async () => {
    const { service, show, listening, stop } = bench();
    const told: string[][] = [];
    const end = service.follow('run_1', undefined, (events) => told.push(typesOf(events)), assert.fail);
    await listening;
    const first = stored('evt_a', micros, ['a', 'b']);
    show(first);
    show();
    show(stored('evt_d', micros + 2, ['d']), stored('evt_c', micros + 1, ['c']), first);
    end();
    show(stored('evt_e', micros + 3, ['e']));
    assert.deepEqual(told, [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    assert.equal(stop.callCount, 1);
  });

  it('has a place that is its end', async () => {
    const [end] = [await bench([stored('evt_z', micros, ['report.ready'])]).service.endOf('run_1')];
    assert.equal(end, `${micros}.evt_z.0000`);
  });
});
