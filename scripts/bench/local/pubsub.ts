import type { Message } from '@google-cloud/pubsub';
import { atATime, type Cases } from './case.ts';

/** Messages of a case. */
export const MESSAGES = 3000;
/** What each holds. */
export const DATA = Buffer.from(JSON.stringify({ type: 'run.completed', run: 'run_1', results: 'x'.repeat(200) }));

export const pubsubCases: Cases = async ({ google: { pubsub }, raw }) => {
  raw.exec('CREATE TABLE messages (id INTEGER PRIMARY KEY, data BLOB)');
  raw.exec('CREATE TABLE deliveries (id INTEGER PRIMARY KEY)');
  const [topic] = await pubsub.createTopic('bench');
  await atATime(500, 2000, () => topic.publishMessage({ data: DATA }));
  const [subscription] = await topic.createSubscription('bench');
  const insert = raw.prepare('INSERT INTO messages (data) VALUES (?)');
  const deliver = raw.prepare('INSERT INTO deliveries VALUES (?)');
  const read = raw.prepare('SELECT * FROM messages WHERE id = ?');
  const remove = raw.prepare('DELETE FROM deliveries WHERE id = ?');
  return [
    {
      ...{ name: 'Pub/Sub: publishing', unit: 'messages', count: MESSAGES },
      local: () => atATime(500, MESSAGES, () => topic.publishMessage({ data: DATA })),
      // The client sends up to 100 in a call; that a subscription has them is as durable as they are.
      onRaw: () => {
        for (let n = 0; n < MESSAGES; n += 100) {
          raw.exec('BEGIN IMMEDIATE');
          for (let m = 0; m < 100; m++) deliver.run(insert.run(DATA).lastInsertRowid);
          raw.exec('COMMIT');
        }
      },
    },
    {
      ...{ name: 'Pub/Sub: delivery and acknowledgement', unit: 'messages', count: MESSAGES },
      local: () =>
        new Promise<void>((resolve, reject) => {
          let left = MESSAGES;
          subscription.on('error', reject);
          subscription.on('message', (message: Message) => {
            message.ack();
            if (--left === 0) subscription.close().then(resolve, reject);
          });
        }),
      onRaw: () => {
        for (let n = 0; n < MESSAGES; n += 100) {
          raw.exec('BEGIN IMMEDIATE');
          for (let id = n + 1; id <= n + 100; id++) {
            read.get(id);
            remove.run(id);
          }
          raw.exec('COMMIT');
        }
      },
    },
  ];
};
