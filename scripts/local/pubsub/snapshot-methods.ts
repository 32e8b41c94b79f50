import { randomInt } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RpcError, unary } from '../plumbing/grpc.ts';
import { fromWireTime, type WireTime } from '../plumbing/wire-time.ts';
import type { Broker } from './broker.ts';
import { parseFilter } from './filter.ts';
import { alreadyExists, invalid, maskPaths, pageOf, projectName, projectOf, resourceName } from './names.ts';
import { type Snapshot, type Subscription, snapshotMessage } from './subscriptions.ts';

interface SnapshotMessage {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly expireTime?: WireTime | null;
}

const LIFETIME_MS = 7 * 24 * 3_600_000;
const SHORTEST_LIFE_MS = 3_600_000;

/** The methods on snapshots, and Seek. */
export function snapshotMethods(broker: Broker) {
  const { context, holders, messages } = broker;
  const write = <Request, Response>(work: (request: Request) => Response) =>
    unary((request: Request) => context.store.transaction(() => work(request)));

  const seekToTime = ({ holder, topicId, settings }: Subscription, time: number) => {
    messages.seek(holder, time, settings.retainAcked);
    const passes = parseFilter(settings.filter);
    for (const message of messages.retained(topicId, time))
      if (passes(message.attributes)) messages.hold(holder, message.id);
  };
  const seekToSnapshot = (subscription: Subscription, snapshot: Snapshot) => {
    if (subscription.topicId !== snapshot.topicId)
      throw invalid('The subscription and the snapshot are of different topics.');
    messages.copy(snapshot.holder, subscription.holder, subscription.settings.retainAcked);
  };

  return {
    createSnapshot: write((request: { name: string; subscription: string; labels: Record<string, string> }) => {
      const { topicId, topic, holder, settings } = holders.subscription(request.subscription);
      const name = request.name === '' ? newName(request.subscription) : resourceName(request.name, 'snapshots');
      if (holders.exists(name)) throw alreadyExists(name);
      broker.backlog(request.subscription);
      const now = context.clock.now();
      const oldest = messages.unacked(holder)[0]?.published ?? now;
      if (oldest + LIFETIME_MS - now < SHORTEST_LIFE_MS) throw tooOld(request.subscription);
      const made = {
        name,
        topicId,
        topic,
        filter: settings.filter,
        labels: request.labels,
        expires: oldest + LIFETIME_MS,
      };
      const snapshot = holders.insertSnapshot(made);
      messages.copy(holder, snapshot.holder, false);
      broker.forgetHolders();
      return snapshotMessage(snapshot);
    }),
    getSnapshot: unary(({ snapshot }: { snapshot: string }) => snapshotMessage(holders.snapshot(snapshot))),
    listSnapshots: unary((request: { project: string; pageSize: number; pageToken: string }) => {
      const all = holders.snapshots(`${projectName(request.project)}/snapshots/`);
      const { items, nextPageToken } = pageOf(all, (snapshot) => snapshot.name, request);
      return { snapshots: items.map(snapshotMessage), nextPageToken };
    }),
    updateSnapshot: write((request: { snapshot: SnapshotMessage | null; updateMask: { paths: string[] } | null }) => {
      if (!request.snapshot) throw invalid('UpdateSnapshotRequest.snapshot is required.');
      let { filter, expires, labels } = holders.snapshot(request.snapshot.name);
      for (const path of maskPaths(request.updateMask)) {
        if (path === 'labels') labels = request.snapshot.labels;
        else if (path === 'expire_time') expires = fromWireTime(request.snapshot.expireTime) ?? expires;
        else throw invalid(`Invalid update_mask provided: '${path}' is not a field of a snapshot that can be updated.`);
      }
      holders.update(request.snapshot.name, { filter, expires, labels });
      return snapshotMessage(holders.snapshot(request.snapshot.name));
    }),
    deleteSnapshot: write(({ snapshot: name }: { snapshot: string }) => {
      const { holder } = holders.snapshot(name);
      holders.delete(name);
      messages.release(holder);
      broker.forgetHolders();
      return {};
    }),
    seek: write((request: { subscription: string; time?: WireTime | null; snapshot?: string }) => {
      const subscription = holders.subscription(request.subscription);
      const backlog = broker.backlog(subscription.name);
      const time = fromWireTime(request.time);
      if (time !== undefined) seekToTime(subscription, time);
      else if (request.snapshot) seekToSnapshot(subscription, holders.snapshot(request.snapshot));
      else throw invalid('A SeekRequest needs a time or a snapshot.');
      context.store.afterCommit(() => backlog.restart());
      return {};
    }),
  };
}

function tooOld(subscription: string): RpcError {
  return new RpcError(
    status.FAILED_PRECONDITION,
    `The backlog of the subscription is too old: its snapshot would expire in less than 1 hour (resource=${subscription}). Acknowledge or seek first.`,
  );
}

function newName(subscription: string): string {
  return `projects/${projectOf(subscription)}/snapshots/snapshot-${randomInt(1_000_000_000, 10_000_000_000)}`;
}
