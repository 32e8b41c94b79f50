import { Agent, request } from 'node:http';
import { startReceiver } from '../../local/plumbing/receiver.ts';
import { atATime, type Cases } from './case.ts';

const COUNT = 400;
const LOCATION = 'projects/virtuoso-local/locations/us-central1';

/** A queue hands out at most 500 tasks a second, as Google's do; fewer are made than that. */
export const tasksCases: Cases = async ({ google: { tasks }, raw }) => {
  raw.exec('CREATE TABLE tasks (id INTEGER PRIMARY KEY, request BLOB)');
  const queue = `${LOCATION}/queues/bench`;
  const rateLimits = { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 100 };
  await tasks.createQueue({ parent: LOCATION, queue: { name: queue, rateLimits } });
  const insert = raw.prepare('INSERT INTO tasks VALUES (?, ?)');
  const remove = raw.prepare('DELETE FROM tasks WHERE id = ?');
  const body = Buffer.from(JSON.stringify({ session: 'ses_1' }));
  return [
    {
      ...{ name: 'Cloud Tasks: creation to dispatch, 32 at a time', unit: 'tasks', count: COUNT },
      local: async () => {
        const receiver = await startReceiver();
        const httpRequest = { url: receiver.url, httpMethod: 'POST' as const, body };
        await atATime(32, COUNT, () => tasks.createTask({ parent: queue, task: { httpRequest } }));
        await receiver.wait(COUNT);
        await receiver.close();
      },
      onRaw: async () => {
        const receiver = await startReceiver();
        const agent = new Agent({ keepAlive: true });
        await atATime(32, COUNT, async (id) => {
          insert.run(id, body);
          await post(receiver.url, body, agent);
          remove.run(id);
        });
        agent.destroy();
        await receiver.close();
      },
    },
  ];
};

function post(url: string, body: Buffer, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent }, (response) => response.resume().on('end', resolve));
    call.on('error', reject).end(body);
  });
}
