import assert from 'node:assert/strict';
import type { TriggerEntity } from '../../schemas/triggers.ts';
import { matches } from './matches.ts';

describe('a message is what a trigger is for', () => {
  const fits = (match: NonNullable<TriggerEntity['match']>, data: unknown = '', attributes = {}) =>
    matches(match, { id: '1', attributes, data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)) });

  it('when nothing is asked of it', () => {
    assert.ok(fits({}));
    assert.ok(fits({ attributes: {}, data: {} }, 'no JSON'));
  });

  it('when each of its attributes fits', () => {
    const match = { attributes: { branch: 'release/*', state: 'done' } };
    assert.ok(fits(match, '', { branch: 'release/2', state: 'done', more: 'x' }));
    assert.ok(!fits(match, '', { branch: 'release/2' }));
    assert.ok(!fits(match, '', { branch: 'release/2/x', state: 'done' }));
    assert.ok(!fits({ attributes: { toString: '**' } }, '', {}));
  });

  it('when each value in its data fits', () => {
    const match = { data: { status: 'SUCCESS', 'build.steps.0.ok': 'true', 'build.number': '1?' } };
    const data = { status: 'SUCCESS', build: { steps: [{ ok: true }], number: 17 } };
    assert.ok(fits(match, data));
    assert.ok(!fits(match, { ...data, status: 'FAILURE' }));
    assert.ok(!fits(match, { ...data, build: { steps: [] } }));
    assert.ok(!fits({ data: { build: '**' } }, data), 'an object has no text');
    assert.ok(!fits({ data: { status: '**' } }, 'no JSON'));
    assert.ok(!fits({ data: { 'constructor.name': '**' } }, {}));
  });
});
