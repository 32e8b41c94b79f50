import type { Firestore, Query, QueryDocumentSnapshot } from '@google-cloud/firestore';
import type { EventType } from '../../schemas/events.ts';
import { defineService, type ServiceDeclaration, writes } from '../define/service.ts';
import { createEvents, type Events, type NewEvent, publisher, toCloudEvent } from '../events/publish.ts';
import { derivedId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { runLogCollection, runsCollection } from '../resources/collections.ts';
import { createdOnce } from './documents.ts';

/** An event of a run, as its log has it. */
export interface LoggedEvent {
  /** Its place in the log: a text that sorts. */
  readonly seq: string;
  readonly id: string;
  readonly type: EventType;
  /** RFC 3339. */
  readonly time: string;
  /** Without the user: who reads a log is the user. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The events of a run, in an order that never changes: that of the commits that wrote them. No counter gives the order,
 * so that no document is written more often than Firestore likes. What is told at once is one document.
 */
export interface RunLog {
  /** Writes events into the logs of their runs; those that are there stay as they are. Those of no run are left out. */
  append(events: readonly NewEvent[]): Promise<void>;
  /** What is in the log after a place. */
  read(runId: string, after: string | undefined): Promise<LoggedEvent[]>;
  /** The place of the log's last event, once that is written: what comes later than that is no part of the log's stream. */
  endOf(runId: string): Promise<string | undefined>;
  /**
   * Gives what is in the log after a place, and then what is added to it, in order and each once.
   * @returns what stops it
   */
  follow(
    runId: string,
    after: string | undefined,
    onEvents: (events: readonly LoggedEvent[]) => void,
    onError: (error: Error) => void,
  ): () => void;
}

/** A run is over for everybody once its report is there. */
export const LAST_EVENT = 'report.ready' satisfies EventType;

/** How long a log is kept: as long as the sessions that it tells of. */
const KEPT_MS = 90 * 24 * 3600 * 1000;
/** A document holds at most 1 MiB; an event is far below 2 KiB. */
const EVENTS_A_DOCUMENT = 200;
/** A writer's clock and the time of its commit differ by less than this. */
const CLOCKS_APART_MS = 60_000;
/** Microseconds of the commit, the document, the event's number in it: each of a fixed length. */
const SEQ = /^(\d{16})\.[a-z]+_[a-z0-9]+\.\d{4}$/;

export const isSeq = (text: string): boolean => SEQ.test(text);

const logOf = (firestore: Firestore, runId: string) =>
  firestore.collection(runsCollection.name).doc(runId).collection(runLogCollection.name);

/** The documents that may hold something after a place; the places themselves tell what does. */
function documentsAfter(firestore: Firestore, runId: string, after: string): Query {
  const log = logOf(firestore, runId);
  const from = after.match(SEQ)?.[1];
  return from ? log.where('created_at', '>', new Date(Number(from) / 1000 - CLOCKS_APART_MS)) : log;
}

export const runLog = defineService([writes(runsCollection), writes(runLogCollection)], createRunLog);

export function createRunLog({ clients, clock }: Pick<Platform, 'clients' | 'clock'>): RunLog {
  return {
    async append(events) {
      const documents = [...Map.groupBy(events, ({ data }) => runOf(data))].flatMap(([runId, ofRun]) =>
        runId === undefined ? [] : inDocuments(ofRun).map((told) => ({ runId, told })),
      );
      if (documents.length === 0) return;
      const firestore = await clients.firestore();
      const now = clock.now();
      await Promise.all(
        documents.map(({ runId, told }) => {
          const [first] = told;
          const entry = {
            run_id: runId,
            events: JSON.stringify(told),
            created_at: new Date(now),
            expires_at: new Date(now + KEPT_MS),
          };
          return createdOnce(async () => void (await logOf(firestore, runId).doc(first.id).create(entry)));
        }),
      );
    },
    async read(runId, after = '') {
      const { docs } = await documentsAfter(await clients.firestore(), runId, after).get();
      return eventsAfter(after, docs);
    },
    async endOf(runId) {
      const last = await logOf(await clients.firestore(), runId)
        .doc(derivedId('evt', LAST_EVENT, runId))
        .get();
      return last.exists ? eventsOf(last as QueryDocumentSnapshot)[0]?.seq : undefined;
    },
    follow(runId, after, onEvents, onError) {
      let stop: (() => void) | undefined;
      let stopped = false;
      let last = after ?? '';
      clients
        .firestore()
        .then((firestore) => {
          if (stopped) return;
          stop = documentsAfter(firestore, runId, last).onSnapshot((snapshot) => {
            const added = snapshot.docChanges().filter(({ type }) => type === 'added');
            const fresh = eventsAfter(
              last,
              added.map(({ doc }) => doc),
            );
            if (fresh.length === 0 || stopped) return;
            last = fresh.at(-1)?.seq ?? last;
            onEvents(fresh);
          }, onError);
        })
        .catch(onError);
      return () => {
        stopped = true;
        stop?.();
      };
    },
  };
}

/** Declares that a function publishes events of these types, and that those of a run go into its log. */
export function runPublisher(...types: readonly EventType[]): ServiceDeclaration<Events> {
  return defineService([...publisher(...types).uses, ...runLog.uses], (platform) => {
    const [events, log] = [createEvents(platform), createRunLog(platform)];
    return { publish: async (list) => void (await Promise.all([log.append(list), events.publish(list)])) };
  });
}

const runOf = (data: object): string | undefined => ('run_id' in data ? (data.run_id as string) : undefined);

type Told = Omit<LoggedEvent, 'seq'>;

function inDocuments(events: readonly NewEvent[]): [Told, ...Told[]][] {
  const told = events.map((event): Told => {
    const { id, type, time, data } = toCloudEvent(event);
    const { user_id: _userId, ...rest } = data;
    return { id, type: type as EventType, time, data: rest };
  });
  const documents: Told[][] = [];
  for (let from = 0; from < told.length; from += EVENTS_A_DOCUMENT) {
    documents.push(told.slice(from, from + EVENTS_A_DOCUMENT));
  }
  return documents as [Told, ...Told[]][];
}

const eventsAfter = (after: string, documents: readonly QueryDocumentSnapshot[]): LoggedEvent[] =>
  documents
    .flatMap(eventsOf)
    .filter(({ seq }) => seq > after)
    .sort((a, b) => (a.seq < b.seq ? -1 : 1));

function eventsOf(document: QueryDocumentSnapshot): LoggedEvent[] {
  const { seconds, nanoseconds } = document.createTime;
  const committed = `${seconds}${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}`;
  const told = JSON.parse(document.get('events') as string) as Told[];
  return told.map((event, n) => ({ seq: `${committed}.${document.id}.${String(n).padStart(4, '0')}`, ...event }));
}
