import type { IncomingMessage } from 'node:http';
import type { Metered } from '../../../shared/cost/prices.ts';
import type { AnyFunction } from '../../../shared/define/function.ts';
import { costOf } from '../billing/cost.ts';
import type { Chaos } from '../chaos/chaos.ts';
import type { LocalClock } from '../plumbing/clock.ts';
import type { SocketHandler } from '../plumbing/port.ts';
import type { CallNear, Change, LocalService } from '../plumbing/service.ts';
import type { Store } from '../plumbing/store.ts';
import type { Place } from './cloud-events.ts';
import type { Controls } from './control.ts';
import { type BuryEvent, createBurial } from './dead-letters.ts';
import { createSenders } from './deliver.ts';
import { environmentOf, signatureOf } from './environment.ts';
import { Eventarc } from './eventarc.ts';
import { createIngress } from './eventarc-ingress.ts';
import { inProcess } from './in-process.ts';
import { Instance } from './instance.ts';
import { Instances } from './instances.ts';
import type { LogLine } from './log-lines.ts';
import { createNear } from './near.ts';
import { PROVISIONING_HEADER } from './provision-http.ts';
import { createRouter, createSocketRouter, FUNCTIONS_PATH } from './router.ts';
import { urlMap } from './routes.ts';
import { Scheduler } from './scheduler.ts';
import { type Pending, pendingOf, settle } from './settle.ts';

/** How a function's instances are limited on this machine. */
export interface LocalLimits {
  readonly minInstances?: number;
  readonly maxInstances?: number;
}

export interface HostOptions extends Place {
  readonly functions: readonly AnyFunction[];
  readonly store: Store;
  readonly clock: LocalClock;
  /** Billable operations so far. */
  readonly counts: Map<Metered, number>;
  readonly limits: Readonly<Record<string, LocalLimits>>;
  readonly idleMs: number;
  readonly queueMs?: number | undefined;
  /** More variables for the functions' processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly line: LogLine;
  readonly chaos?: Chaos | undefined;
  origin(): string;
  /** Where a function reaches the services. */
  servicesFor(name: string): string;
  /** Holds requests to services to what their senders may do. @throws HttpError */
  permit(request: IncomingMessage, url: URL): void;
  identityToken(audience: string, email: string): Promise<string>;
  meter(operation: Metered, count?: number): void;
  log(severity: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR', message: string, fields?: Record<string, unknown>): void;
}

/** What runs the functions and brings them their requests, events and schedules. */
export interface Host {
  readonly instances: Instances;
  readonly controls: Controls;
  /** Records a change, for the functions it concerns. */
  emit(change: Change): void;
  /** For what services send to functions; undefined with chaos, which is in between. */
  readonly near: CallNear | undefined;
  /** Requests that the function can take at a time. */
  capacityOf(fn: AnyFunction): number;
  /** Makes the handler of HTTP requests. `warehouse` is waited for before the first request to BigQuery. */
  route(services: readonly LocalService[], warehouse: () => Promise<void>): ReturnType<typeof createRouter>;
  /** Handler of requests for a WebSocket. */
  readonly sockets: SocketHandler;
  /** Takes the folders of the functions' bundles. Before that no instance can start. */
  useBundles(bundles: ReadonlyMap<string, string>): void;
  /** Delivers what is left from before, and starts the schedules. */
  start(): void;
  close(hurryMs?: number): Promise<void>;
}

export function createHost(options: HostOptions): Host {
  const { functions, store, clock, limits, log, origin, project } = options;
  const maxInstances = (fn: AnyFunction) => limits[fn.name]?.maxInstances ?? fn.maxInstances;
  const minInstances = (fn: AnyFunction) => limits[fn.name]?.minInstances ?? fn.minInstances;
  let bundles: ReadonlyMap<string, string> = new Map();
  const instances = new Instances({
    ...{ functions, minInstances, maxInstances, meter: options.meter, log },
    ...{ idleMs: options.idleMs, queueMs: options.queueMs },
    start: (fn) => startInstance(fn, bundles.get(fn.name) ?? '', options),
  });
  const invoker = `virtuoso-invoker@${project}.iam.gserviceaccount.com`;
  const token = (name: string) => options.identityToken(`${origin()}${FUNCTIONS_PATH}${name}`, invoker);
  const { deliver, run } = createSenders(instances, { token, origin, chaos: options.chaos });
  let bury: BuryEvent = async () => false;
  const eventarc = new Eventarc({
    ...{ store, clock, place: options, functions, deliver, maxInstances, log },
    bury: (letter) => bury(letter),
  });
  const scheduler = new Scheduler({ clock, store, functions, run, log });
  let pending: Pending = () => ({});

  const controls: Controls = {
    status: () => ({
      instances: instances.list(),
      coldStarts: instances.coldStarts(),
      warmStarts: instances.warmStarts(),
      meter: Object.fromEntries(options.counts),
      usd: costOf(options.counts).usd,
      pending: pending(),
      time: new Date(clock.now()).toISOString(),
    }),
    settle: ({ timeoutMs }) => settle(pending, timeoutMs),
    runSchedule: (name) => scheduler.run(name),
    killInstance: (name, signal) => instances.kill(name, signal),
    advance: (ms) => clock.advance(ms),
  };

  return {
    instances,
    controls,
    near: options.chaos ? undefined : createNear(instances, origin),
    emit: (change) => eventarc.emit(change),
    capacityOf: (fn) => maxInstances(fn) * fn.concurrency,
    route(services, warehouse) {
      bury = createBurial(inProcess(services), options);
      pending = pendingOf(services, {
        events: () => eventarc.pending(),
        schedules: () => scheduler.pending(),
        requests: () => instances.underWay,
      });
      return createRouter({
        ...{ instances, services, controls, findFunction: urlMap(functions) },
        ingress: createIngress(functions, project, { instances, deliver }),
        chaos: options.chaos,
        permit: (request, url) => options.permit(request, url),
        prepare: (request, url) => (isFirstUse(request, url) ? warehouse() : undefined),
      });
    },
    sockets: createSocketRouter({ instances, findFunction: urlMap(functions) }),
    useBundles(made) {
      bundles = made;
    },
    start() {
      instances.keepWarm();
      eventarc.start();
      scheduler.start();
    },
    async close(hurryMs) {
      scheduler.close();
      eventarc.close();
      await instances.close(hurryMs);
    },
  };
}

/** Whether the request is to BigQuery, and not one of those that make its tables. */
function isFirstUse(request: IncomingMessage, { pathname }: URL): boolean {
  return pathname.includes('/bigquery/') && request.headers[PROVISIONING_HEADER] === undefined;
}

function startInstance(
  fn: AnyFunction,
  bundle: string,
  { origin, line, environment, servicesFor, ...place }: HostOptions,
): Instance {
  const { project, region } = place;
  return new Instance({
    name: fn.name,
    signature: signatureOf(fn),
    bundle,
    environment: environmentOf(fn, {
      ...{ project, region, extra: environment },
      origin: origin(),
      services: servicesFor(fn.name),
    }),
    log: line,
  });
}
