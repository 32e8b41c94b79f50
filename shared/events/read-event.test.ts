import assert from 'node:assert/strict';
import { AppError } from '../platform/errors.ts';
import { readEvent } from './read-event.ts';

describe('an event that is read', () => {
  const good = {
    specversion: '1.0',
    id: 'evt_1',
    source: 'virtuoso',
    type: 'run.started',
    subject: 'runs/run_1',
    time: '2026-03-04T12:00:00.000Z',
    datacontenttype: 'application/json',
    data: { user_id: 'usr_1', run_id: 'run_1', sessions: 2 },
  };
  const read = (value: unknown) => readEvent(Buffer.from(JSON.stringify(value)));
  const refused = (message: RegExp) => (error: unknown) =>
    error instanceof AppError && error.code === 'invalid-argument' && message.test(error.message);

  it('is given as it was published', () => assert.deepEqual(read(good), good));

  it('of a type that is not known passes', () => {
    for (const type of ['run.exploded', 'toString', '__proto__']) assert.equal(read({ ...good, type }).type, type);
  });

  it('is refused when it is no JSON, or nothing', () => {
    assert.throws(() => readEvent(Buffer.from('{')), refused(/not JSON/));
    assert.throws(() => readEvent(Buffer.alloc(0)), refused(/not JSON/));
  });

  it('is refused when it is no CloudEvent, with the place', () => {
    assert.throws(() => read({ ...good, specversion: '0.3' }), refused(/not a CloudEvent. \/specversion: /));
    assert.throws(() => read(null), refused(/not a CloudEvent/));
    assert.throws(() => read({ ...good, time: 'yesterday' }), refused(/\/time/));
  });

  it('is refused when its data breaks the schema of its type', () => {
    assert.throws(
      () => read({ ...good, data: { ...good.data, sessions: -1 } }),
      refused(/run.started breaks its schema. \/sessions/),
    );
    assert.throws(() => read({ ...good, data: { ...good.data, more: 1 } }), refused(/unknown field 'more'/));
  });
});
