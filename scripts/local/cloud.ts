import type { AnyFunction } from '../../shared/define/function.ts';
import { resources as declared } from '../../shared/resources/index.ts';
import { apiKeySecret } from '../../shared/resources/secrets.ts';
import { createBigquery } from './bigquery/index.ts';
import type { Meter } from './billing/meter.ts';
import { createChaos } from './chaos/chaos.ts';
import type { ChaosSettings } from './chaos/settings.ts';
import { createDataTransfer } from './data-transfer/index.ts';
import { createFirestoreWith } from './firestore/index.ts';
import { explainFolderError } from './host/cloud-error.ts';
import { type DataFolder, openDataFolder } from './host/data-folder.ts';
import { createGround, createServices } from './host/ground.ts';
import { createHost, type Host, type LocalLimits } from './host/host.ts';
import { inProcess } from './host/in-process.ts';
import type { InstanceState } from './host/instances.ts';
import { listen } from './host/listen.ts';
import type { LogLine } from './host/log-lines.ts';
import { provision, type Resources } from './host/provision.ts';
import { readSecret } from './host/provision-grpc.ts';
import { createMetadataWithTokens } from './metadata/index.ts';
import { Doors } from './permissions/doors.ts';
import { createGuard } from './permissions/guard.ts';
import type { LocalClock } from './plumbing/clock.ts';
import type { Port } from './plumbing/port.ts';
import type { CreateService } from './plumbing/service.ts';
import { createPubsub } from './pubsub/index.ts';
import { createSecretManager } from './secret-manager/index.ts';
import { createStorage } from './storage/index.ts';
import { createTasks } from './tasks/index.ts';

export { CloudError } from './host/cloud-error.ts';

export interface CloudOptions {
  /** Folder that everything durable is in; a temporary one, removed at the end, when absent. */
  readonly data?: string;
  /** 0 or absent: the port of the folder's last time if it is free, else any free one. */
  readonly port?: number;
  readonly functions?: readonly AnyFunction[];
  readonly resources?: Resources;
  /** More services, by name. */
  readonly services?: Readonly<Record<string, CreateService>>;
  /** Finds the folders of the functions' bundles, by name; they are built from the sources when absent. */
  readonly bundles?: (functions: readonly AnyFunction[]) => Promise<ReadonlyMap<string, string>>;
  /** Limits on this machine, by function: `{'run-session': {maxInstances: 2}}`. */
  readonly limits?: Readonly<Record<string, LocalLimits>>;
  /** How long an instance lives without requests, in milliseconds; 60 000 when absent. */
  readonly idleMs?: number;
  /** How long a request waits for a place before it gets 429; as long as Cloud Run's (10 s or more) when absent. */
  readonly queueMs?: number;
  /** More variables for the functions' processes. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes what services and functions log: JSON lines. */
  readonly log?: LogLine;
  /** What functions may do: `declared` (the default), what they declare that they use; or `all`. */
  readonly permissions?: 'declared' | 'all';
  /** Faults to be made; none when absent. What is not given does not happen. */
  readonly chaos?: Partial<ChaosSettings>;
  readonly project?: string;
  readonly region?: string;
}

/** A Google Cloud for this suite, in this process. */
export interface LocalCloud {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  readonly clock: LocalClock;
  /** Billable operations since the start, by name: `firestore.write`. Copy it to know later what has come since. */
  readonly meter: Meter;
  /** How many faults were made on purpose, by name. */
  readonly faults: ReadonlyMap<string, number>;
  /** The main API key. */
  readonly apiKey: string;
  /** Resolves when nothing is pending. @throws Error that says what still is after `timeoutMs` (60 000). */
  settle(options?: { timeoutMs?: number }): Promise<void>;
  /** Runs the schedule of a function now; resolves with the status it answered. */
  runSchedule(name: string): Promise<number>;
  instances(): InstanceState[];
  /** How often a request of the function (of any) was the reason for a process to start. */
  coldStarts(name?: string): number;
  /** How often a process was started to be there before a request comes. */
  warmStarts(name?: string): number;
  /** Where a function finds the services: what is asked there is asked by its service account, with its roles. */
  servicesFor(name: string): string;
  /** Signals the function's busiest instance; false when it has none. */
  killInstance(name: string, signal?: NodeJS.Signals): boolean;
  /** @param hurryMs after so many milliseconds what the instances are at is not waited for: nobody needs it any more */
  close(hurryMs?: number): Promise<void>;
}

type Closer = (hurryMs?: number) => unknown;

const IDLE_MS = 60_000;
const SETTLE_MS = 60_000;

/**
 * Starts the local cloud.
 * @throws CloudError when the data folder or the port cannot be had: one sentence that says what to do.
 */
export async function startCloud(options: CloudOptions = {}): Promise<LocalCloud> {
  const data = openDataFolder(options.data);
  const closers: Closer[] = [() => data.close()];
  const close = async (hurryMs?: number) => {
    for (const closer of closers.splice(0).reverse()) await closer(hurryMs);
  };
  try {
    return await compose(options, data, closers, close);
  } catch (error) {
    await close();
    throw explainFolderError(error, data.path);
  }
}

async function compose(
  options: CloudOptions,
  data: DataFolder,
  closers: Closer[],
  close: LocalCloud['close'],
): Promise<LocalCloud> {
  const { resources = declared, project = 'virtuoso-local', region = 'us-central1' } = options;
  const functions = options.functions ?? (await import('../../functions/index.ts')).functions;
  const building = (options.bundles ?? buildBundles)(functions);
  building.catch(() => {});
  const doors = new Doors();
  const metadata = createMetadataWithTokens({
    accountOf: ({ socket }) => doors.accountAt(socket.localPort)?.email,
  });
  let origin = '';
  const ground = createGround({
    ...{ project, region, store: data.store, identityToken: metadata.identityToken, origin: () => origin },
    line: options.log ?? (() => {}),
  });
  closers.push(() => ground.clock.close());
  const chaos = options.chaos && createChaos(options.chaos, ground);
  const servicesFor = (name: string) => doors.originFor(name) ?? origin;
  const guard = createGuard({ accountAt: (door) => doors.accountAt(door), log: ground.log });
  const host = createHost({
    ...{ ...ground, functions, chaos, ...hostSettings(options), permit: guard.check },
    servicesFor,
  });
  let port: Port | undefined;
  // After the services, which would count a cut connection as a failed attempt.
  closers.push(() => port?.close());
  const creates = { ...ownServices, firestore: firestoreOf(resources), metadata: metadata.create, ...options.services };
  const services = await createServices(creates, ground, {
    ...{ data, emit: host.emit, near: host.near },
    made: (service) => closers.push(() => service.close?.()),
  });

  let warehouse = async () => {};
  const route = host.route(services, () => warehouse());
  const grpc = services.flatMap((service) => service.grpc ?? []).map((each) => guard.wrap(chaos?.wrap(each) ?? each));
  port = await listen(data.store, options.port ?? 0, { grpc, http: route, sockets: host.sockets });
  origin = `http://127.0.0.1:${port.port}`;
  if (options.permissions !== 'all') await doors.open(port, functions, { project, store: data.store });

  const { capacityOf } = host;
  const made = provision({
    ...{ project, region, resources, functions, services, origin, capacityOf },
    store: data.store,
  });
  warehouse = made.warehouse;
  const [bundles] = await Promise.all([building, made.done]);
  const apiKey = await readSecret(inProcess(services), project, apiKeySecret.name);
  ground.counts.clear();
  host.useBundles(bundles);
  closers.push((hurryMs) => host.close(hurryMs));
  for (const service of services) await service.start?.();
  host.start();
  return cloudOf(host, {
    origin,
    port: port.port,
    clock: ground.clock,
    meter: ground.counts,
    faults: chaos?.made ?? new Map(),
    servicesFor,
    apiKey,
    close,
  });
}

/** The services every local cloud has, in the order in which they are asked whether a path is theirs. */
const ownServices: Readonly<Record<string, CreateService>> = {
  'secret-manager': createSecretManager,
  pubsub: createPubsub,
  tasks: createTasks,
  storage: createStorage,
  bigquery: createBigquery,
  'data-transfer': createDataTransfer,
};

function firestoreOf({ indexes, collections }: Resources): CreateService {
  const ttl = collections.flatMap(({ name, ttl: field }) => (field === undefined ? [] : [{ collection: name, field }]));
  return createFirestoreWith({ indexes, ttl });
}

/** The builder and all that functions import are loaded only for who has functions: a cloud of services starts without. */
async function buildBundles(functions: readonly AnyFunction[]): Promise<ReadonlyMap<string, string>> {
  if (functions.length === 0) return new Map();
  const { buildFunctions } = await import('../deploy/build.ts');
  const { folders } = await buildFunctions({ functions: functions.map(({ name }) => name) });
  return folders;
}

function hostSettings({ limits = {}, idleMs = IDLE_MS, queueMs, environment = {} }: CloudOptions) {
  return { limits, idleMs, queueMs, environment };
}

function cloudOf(
  { instances, controls }: Host,
  rest: Pick<LocalCloud, 'origin' | 'port' | 'clock' | 'meter' | 'faults' | 'servicesFor' | 'apiKey' | 'close'>,
): LocalCloud {
  return {
    ...rest,
    settle: ({ timeoutMs = SETTLE_MS } = {}) => controls.settle({ timeoutMs }),
    runSchedule: controls.runSchedule,
    instances: () => instances.list(),
    coldStarts: (name) => instances.coldStarts(name),
    warmStarts: (name) => instances.warmStarts(name),
    killInstance: controls.killInstance,
  };
}
