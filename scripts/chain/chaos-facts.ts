import type { DeliveryEntity, SessionEntity, TestEntity } from '../../schemas/entities.ts';
import { isCommitted } from '../../shared/domain/checkpoints.ts';
import { isOver } from '../../shared/domain/sessions.ts';
import { deadLetterSubscription } from '../../shared/resources/topics.ts';
import type { Receiver } from '../demo/receiver.ts';
import { pullOnce, subscriberClient } from '../local/pubsub/client.ts';
import type { SuiteCloud } from './suite-cloud.ts';
import { rowDifferences } from './warehouse-rows.ts';

/** A table's rows, the events that they are of, and the facts that it tells. All three are to be the same. */
export interface TableFacts {
  readonly table: string;
  readonly rows: number;
  readonly events: number;
  readonly facts: number;
}

/** A type of webhook: the facts it is to tell, the events of it that came in, and how often they did. */
export interface WebhookFacts {
  readonly type: string;
  readonly facts: number;
  readonly events: number;
  readonly received: number;
}

/** What came out at the ends of the chain. */
export interface Facts {
  /** The run's, then its sessions': `Buy a moka pot, attempt 1: passed`. */
  readonly verdicts: readonly string[];
  readonly resumed: number;
  readonly tables: readonly TableFacts[];
  readonly webhooks: readonly WebhookFacts[];
  /** Sessions and deliveries that are not over, whatever was given up, and webhooks that were not the same twice. */
  readonly troubles: readonly string[];
}

const REQUEST = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ \d{3}$/;
const GIVEN_UP = /failed for good|never took an event|dead-lettered/;

interface Look {
  readonly run: string;
  readonly receiver: Receiver;
}

/** Counts what there is to be told, where it is stored or logged, and what was told. */
export async function readFacts(suite: SuiteCloud, look: Look): Promise<Facts> {
  const sessions = await suite.sessionsOf(look.run);
  const { status } = await suite.run(look.run);
  const verdicts = sessions.map((session) => `${titleOf(session)}: ${session.status}`).sort();
  const resumed = sessions.reduce((sum, session) => sum + session.resumed, 0);
  const { docs: tests } = await suite.google.firestore.collection('tests').get();
  return {
    ...{ verdicts: [`the run: ${status}`, ...verdicts], resumed },
    tables: await tablesOf(suite, sessions),
    webhooks: webhooksOf(look.receiver, {
      ...{ 'run.created': 1, 'run.started': 1, 'run.completed': 1, 'report.ready': 1 },
      'test.imported': tests.length,
      ...changesOf(tests.map((document) => document.data() as TestEntity)),
      'session.started': sessions.length,
      'session.completed': sessions.length,
      ...(resumed > 0 ? { 'session.resumed': resumed } : {}),
    }),
    troubles: [
      ...(await troublesOf(suite, look)),
      ...(await logTroubles(suite, look.run, sessions)),
      ...(await rowDifferences(suite, look.run)),
    ],
  };
}

/** How often a test is to be told of as failing, recovered or flaky. */
function changesOf(tests: readonly TestEntity[]): Record<string, number> {
  const changes = tests.flatMap(({ last_outcome: last }) => last?.changes ?? []);
  return Object.fromEntries(
    [...Map.groupBy(changes, (change) => `test.${change}`)].map(([type, all]) => [type, all.length]),
  );
}

function titleOf({ test_name, row_index, attempt }: SessionEntity): string {
  return `${test_name}${row_index === undefined ? '' : ` (row ${row_index})`}, attempt ${attempt}`;
}

async function tablesOf({ rows, lines, checkpointsOf }: SuiteCloud, sessions: SessionEntity[]): Promise<TableFacts[]> {
  const checkpoints = await Promise.all(sessions.map(({ id }) => checkpointsOf(id)));
  const requests = lines.filter(({ message }) => REQUEST.test(message));
  const facts: Readonly<Record<string, number>> = {
    command_executions: checkpoints.flat().flatMap(({ results }) => results).length,
    test_runs: sessions.length,
    performance_metrics: requests.length,
    user_activity: requests.filter(({ message }) => !/^(GET|HEAD|OPTIONS) /.test(message)).length,
  };
  return await Promise.all(
    Object.entries(facts).map(async ([table, count]) => {
      const [row] = await rows(`SELECT COUNT(*) AS n, COUNT(DISTINCT event_id) AS events FROM analytics.${table}`);
      return { table, rows: Number(row?.n), events: Number(row?.events), facts: count };
    }),
  );
}

function webhooksOf({ received }: Receiver, facts: Readonly<Record<string, number>>): WebhookFacts[] {
  const types = new Set([...Object.keys(facts), ...received.map(({ type }) => type)]);
  return [...types].map((type) => {
    const ids = received.filter((one) => one.type === type).map(({ id }) => id);
    return { type, facts: facts[type] ?? 0, events: new Set(ids).size, received: ids.length };
  });
}

/** What the run's log has twice, or lacks. */
async function logTroubles({ google, checkpointsOf }: SuiteCloud, run: string, sessions: SessionEntity[]) {
  const { docs } = await google.firestore.collection(`runs/${run}/log`).get();
  const told = docs.flatMap((document) => JSON.parse(document.get('events')) as { id: string; type: string }[]);
  const checkpoints = (await Promise.all(sessions.map(({ id }) => checkpointsOf(id)))).flat();
  const facts: Readonly<Record<string, number>> = {
    ...{ 'run.created': 1, 'run.started': 1, 'run.completed': 1, 'report.ready': 1 },
    ...{ 'session.started': sessions.length, 'session.completed': sessions.length },
    'checkpoint.completed': checkpoints.filter(isCommitted).length,
  };
  const twice = told.length - new Set(told.map(({ id }) => id)).size;
  return [
    ...(twice > 0 ? [`${twice} events are in the log twice`] : []),
    ...Object.entries(facts).flatMap(([type, count]) => {
      const found = told.filter((event) => event.type === type).length;
      return found === count ? [] : [`the log has ${found} ${type}, not ${count}`];
    }),
  ];
}

async function troublesOf({ google, cloud, lines }: SuiteCloud, { receiver }: Look): Promise<string[]> {
  const documents = async <E>(collection: string) =>
    (await google.firestore.collection(collection).get()).docs.map((document) => document.data() as E);
  const sessions = (await documents<SessionEntity>('sessions')).filter(({ status }) => !isOver(status));
  const deliveries = (await documents<DeliveryEntity>('deliveries')).filter(({ status }) => status !== 'delivered');
  const raw = subscriberClient(cloud.port);
  const dead = await pullOnce(raw, deadLetterSubscription.name, 100);
  await raw.close();
  return [
    ...sessions.map(({ id, status }) => `${id} is ${status}`),
    ...deliveries.map(({ id, type, status }) => `${id} (${type}) is ${status}`),
    ...dead.map(({ message }) => `a dead letter: ${JSON.stringify(message?.attributes)}`),
    ...lines.filter(({ message }) => GIVEN_UP.test(message)).map(({ message }) => message),
    ...receiver.received.filter(({ verified }) => !verified).map(({ id }) => `the signature of ${id} does not hold`),
    ...[...receiver.bodies].filter(([, bodies]) => bodies.size > 1).map(([id]) => `${id} came with different bodies`),
  ];
}
