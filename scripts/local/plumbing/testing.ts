import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metered } from '../../../shared/cost/prices.ts';
import { LocalClock } from './clock.ts';
import { sendError } from './http.ts';
import { openPort } from './port.ts';
import type { Change, CreateService, LocalService, ServiceContext } from './service.ts';
import { Store } from './store.ts';

/** Some services on a port of their own, for the tests of one service. */
export interface TestCloud {
  readonly port: number;
  readonly origin: string;
  readonly clock: LocalClock;
  readonly store: Store;
  readonly folder: string;
  readonly services: readonly LocalService[];
  /** What the services emitted, in order. */
  readonly changes: Change[];
  /** Billable operations counted so far. */
  readonly meter: Map<Metered, number>;
  /** Stops the services; `keep` leaves the folder so that `startServices({folder})` can start on it again. */
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Starts services as the host would, without the host. Files live in `folder`, or in a temporary one that `close` removes. */
export async function startServices(
  creates: readonly CreateService[],
  options: { folder?: string } = {},
): Promise<TestCloud> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'virtuoso-test-')));
  const clock = new LocalClock();
  const store = new Store(join(folder, 'cloud.db'));
  const changes: Change[] = [];
  const meter = new Map<Metered, number>();
  let origin = '';
  const context: ServiceContext = {
    project: 'virtuoso-local',
    region: 'us-central1',
    store,
    folder,
    clock,
    origin: () => origin,
    emit: (change) => store.afterCommit(() => changes.push(change)),
    meter: (operation, count = 1) => void meter.set(operation, (meter.get(operation) ?? 0) + count),
    identityToken: async (audience, email) => `token-for:${audience}:${email}`,
    log: () => {},
  };
  const services: LocalService[] = [];
  for (const create of creates) services.push(await create(context));
  const port = await openPort({
    port: 0,
    grpc: services.flatMap((service) => service.grpc ?? []),
    async http(request, response, url) {
      try {
        for (const service of services) if (await service.http?.(request, response, url)) return;
        response.writeHead(404).end(`no service answers ${url.pathname}`);
      } catch (error) {
        sendError(response, error);
      }
    },
  });
  origin = `http://127.0.0.1:${port.port}`;
  for (const service of services) await service.start?.();
  return {
    port: port.port,
    origin,
    clock,
    store,
    folder,
    services,
    changes,
    meter,
    async close({ keep = false } = {}) {
      for (const service of services) await service.close?.();
      await port.close();
      clock.close();
      store.close();
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
}
