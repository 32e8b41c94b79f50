import { type Pulled, puller } from '../../shared/analytics/pull.ts';
import { functionUrl } from '../../shared/platform/function-url.ts';
import { createPlatform, type Platform } from '../../shared/platform/platform.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { resources } from '../../shared/resources/index.ts';
import { deadLetterSubscription } from '../../shared/resources/topics.ts';
import { UsageError } from './command.ts';
import { type DeadLetter, own, readDeadLetter } from './dead-letter.ts';
import { localCloudAt, needCredentials } from './project-clouds.ts';

/** The dead letters of a cloud. */
export interface LetterBox {
  /** Those that are kept. */
  letters(): Promise<DeadLetter[]>;
  /** Sends them again to where they were for; then they are kept no more. */
  replay(letters: readonly DeadLetter[]): Promise<void>;
  drop(letters: readonly DeadLetter[]): Promise<void>;
  /** Gives back what was neither sent again nor dropped. */
  close(): Promise<void>;
}

const BATCH = 100;

/** @param cloud address of a local cloud; else the environment says which project it is @throws UsageError */
export async function openLetterBox(cloud: string | undefined): Promise<LetterBox> {
  if (cloud === undefined) await needCredentials();
  const platform = createPlatform(cloud === undefined ? process.env : locally(await localCloudAt(cloud)));
  const messages = puller.make(platform);
  const held = new Set<Pulled>();
  async function done(letters: readonly DeadLetter[]): Promise<void> {
    const pulled = letters.map((letter) => letter.pulled);
    await messages.acknowledge(deadLetterSubscription, pulled);
    for (const message of pulled) held.delete(message);
  }
  return {
    async letters() {
      for (;;) {
        const next = await messages.pull(deadLetterSubscription, BATCH);
        for (const message of next) held.add(message);
        if (next.length === 0) return [...held].map(readDeadLetter);
      }
    },
    async replay(letters) {
      for (const letter of letters) {
        await send(letter, platform);
        await done([letter]);
      }
    },
    drop: done,
    async close() {
      await messages.giveBack(deadLetterSubscription, [...held]);
      await platform.stop();
    },
  };
}

async function send({ id, to, pulled }: DeadLetter, platform: Platform): Promise<void> {
  if (to?.kind === 'topics') {
    const pubsub = await platform.clients.pubsub();
    for (const topic of to.topics)
      await pubsub.topic(topic).publishMessage({ data: pulled.data, attributes: own(pulled.attributes) });
  }
  if (to?.kind === 'function') return await tell(to.function, pulled, platform);
  if (to?.kind !== 'task') return;
  const queue = resources.queues.find(({ name }) => name === to.queue);
  if (!queue) throw new UsageError(`There is no queue '${to.queue}' any more, which the task ${to.task} was of.`);
  const payload = JSON.parse(pulled.data.toString('utf8')) as Record<string, unknown>;
  const again = `${to.task}-again-${id}-${Math.floor(platform.clock.now() / 1000)}`;
  await taskQueue(queue)
    .make(platform)
    .enqueue([{ to: to.function, name: again, payload }]);
}

/** Tells a function of a change as Eventarc does: the CloudEvent in HTTP's binary mode. @throws Error */
async function tell(name: string, { attributes, data }: Pulled, { config }: Platform): Promise<void> {
  const url = functionUrl(config, name);
  const headers = { ...own(attributes), ...(await invocation(url, config)) };
  const answer = await fetch(url, { method: 'POST', headers, body: data as BodyInit });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${name} has not taken it: it answered ${answer.status}.`);
}

/** What lets a request into a function: on Google Cloud an identity token of who runs this, who has to be an invoker. */
async function invocation(url: string, { environment }: Platform['config']): Promise<Record<string, string>> {
  if (environment === 'local') return {};
  const { GoogleAuth } = await import('google-auth-library');
  const client = await new GoogleAuth().getIdTokenClient(url);
  return Object.fromEntries(await client.getRequestHeaders(url));
}

/** What the functions of a local cloud are told of where it is. */
function locally({ host, origin }: URL): NodeJS.ProcessEnv {
  Object.assign(process.env, { PUBSUB_EMULATOR_HOST: host, CLOUD_TASKS_EMULATOR_HOST: host });
  return {
    ...process.env,
    ...{ GCP_PROJECT_ID: 'virtuoso-local', FUNCTIONS_URL: `${origin}/functions`, ENVIRONMENT: 'local' },
  };
}
