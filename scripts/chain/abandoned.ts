import assert from 'node:assert/strict';
import { FieldValue } from '@google-cloud/firestore';
import type { SuiteCloud } from './suite-cloud.ts';

/** A session whose every instance has died. */
export function abandoned(suite: () => SuiteCloud): void {
  it('is ended in time, and its run with it', async () => {
    const { upload, start, ended, sessionsOf, until, google, cloud } = suite();
    const test = await upload('abandoned.yaml', 'test: Abandoned\ndo:\n  - note: never run\n');
    // As if an instance had taken it, and its task had been given up since.
    const { id } = await start([test]);
    await until(`runs/${id}`, ({ status }: { status: string }) => status !== 'queued');
    await ended(id);
    const [session] = await sessionsOf(id);
    const past = new Date(Date.now() - 3600_000);
    const lease = { owner: 'dead', expires_at: past };
    const [settled_by, report] = [FieldValue.delete(), FieldValue.delete()];
    await google.firestore.doc(`runs/${id}`).update({ status: 'running', settled_by, report });
    await google.firestore.doc(`sessions/${session?.id}`).update({ status: 'running', awaited: true, lease });
    cloud.clock.advance(5 * 60_000);
    const run = await ended(id);
    assert.equal(run.status, 'error');
    const [after] = await sessionsOf(id);
    assert.deepEqual([after?.status, after?.error?.type, after?.awaited], ['error', 'abandoned', false]);
  });
}
