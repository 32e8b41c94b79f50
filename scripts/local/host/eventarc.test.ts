import assert from 'node:assert/strict';
import { LocalClock } from '../plumbing/clock.ts';
import { until } from '../plumbing/receiver.ts';
import { Store } from '../plumbing/store.ts';
import type { DeadLetter } from './dead-letters.ts';
import { backoffMs } from './delivery-policy.ts';
import { Eventarc } from './eventarc.ts';
import { fixtures } from './fixtures/functions.ts';

const HOUR_MS = 3_600_000;

describe('an event that a function does not take', () => {
  let clock: LocalClock;
  let store: Store;
  let eventarc: Eventarc;
  let attempts: number[];
  let letters: DeadLetter[];
  let takes: boolean;
  let logged: string[];
  const open = (topic: boolean) => {
    eventarc = new Eventarc({
      ...{ store, clock, place: { project: 'p', region: 'r' }, functions: [fixtures.watcher], maxInstances: () => 1 },
      async deliver() {
        attempts.push(clock.now());
        return takes ? 200 : 500;
      },
      async bury(letter) {
        if (topic) letters.push(letter);
        return topic;
      },
      log: (severity, message) => logged.push(`${severity} ${message}`),
    });
    eventarc.start();
  };
  const change = () =>
    store.transaction(() =>
      eventarc.emit({
        ...{ kind: 'document', type: 'created', path: 'things/a', database: '(default)', data: new Uint8Array([1]) },
        time: new Date(clock.now()).toISOString(),
      }),
    );
  /** Waits for the attempt and for what follows from it. */
  const attempted = (count: number) => until(() => attempts.length === count && logged.length >= count);

  beforeEach(() => {
    [attempts, letters, logged, takes] = [[], [], [], false];
    clock = new LocalClock();
    store = new Store(':memory:');
  });
  afterEach(() => {
    eventarc.close();
    clock.close();
    store.close();
  });

  it('is a dead letter after five attempts', async () => {
    open(true);
    change();
    for (const count of [1, 2, 3, 4]) {
      await attempted(count);
      clock.advance(backoffMs(count));
    }
    await until(() => letters.length === 1 && eventarc.pending() === 0);
    const [{ event, ...letter } = assert.fail()] = letters;
    assert.deepEqual([letter.function, letter.attempts], ['watcher', 5]);
    assert.equal(event.headers['ce-document'], 'things/a');
    assert.match(logged.at(-1) ?? '', /^ERROR watcher never took an event, which is a dead letter now: answered 500/);
  });

  it('counts its attempts on when the local cloud is started again', async () => {
    open(true);
    change();
    await attempted(1);
    eventarc.close();
    open(true);
    for (const count of [2, 3, 4, 5]) {
      clock.advance(HOUR_MS);
      await until(() => attempts.length === count && logged.length >= count);
    }
    await until(() => letters.length === 1);
    assert.equal(letters[0]?.attempts, 5);
  });

  it('comes for a day, ten minutes apart at last, where there is no dead-letter topic, and is dropped then', async () => {
    open(false);
    change();
    for (let count = 1; eventarc.pending() > 0; count += 1) {
      await attempted(count);
      clock.advance(HOUR_MS / 6);
    }
    assert.ok(attempts.length > 100, String(attempts.length));
    assert.match(logged.at(-1) ?? '', /^ERROR watcher never took an event, which is dropped/);
    assert.equal(store.get('SELECT 1 FROM eventarc_deliveries'), undefined);
  });

  it('is done with when it is taken at last', async () => {
    open(true);
    change();
    await attempted(1);
    takes = true;
    clock.advance(10_000);
    await until(() => eventarc.pending() === 0);
    assert.deepEqual([attempts.length, letters.length], [2, 0]);
  });
});
