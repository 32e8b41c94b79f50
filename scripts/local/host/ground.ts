import type { Metered } from '../../../shared/cost/prices.ts';
import { LocalClock } from '../plumbing/clock.ts';
import type { CreateService, LocalService, ServiceContext } from '../plumbing/service.ts';
import type { DataFolder } from './data-folder.ts';
import type { LogLine } from './log-lines.ts';

/** What services and host stand on alike. */
export type Ground = Omit<ServiceContext, 'folder' | 'emit' | 'near'> & {
  readonly clock: LocalClock;
  /** Billable operations so far. */
  readonly counts: Map<Metered, number>;
  readonly line: LogLine;
};

/** @param options.origin where the local cloud is, once it is known. */
export function createGround(
  options: Pick<ServiceContext, 'project' | 'region' | 'store' | 'origin' | 'identityToken'> & { line: LogLine },
): Ground {
  const clock = new LocalClock();
  const counts = new Map<Metered, number>();
  return {
    ...options,
    clock,
    counts,
    meter: (operation, count = 1) => void counts.set(operation, (counts.get(operation) ?? 0) + count),
    log: (severity, message, fields) =>
      options.line(JSON.stringify({ severity, message, time: new Date(clock.now()).toISOString(), ...fields })),
  };
}

/** Makes the services, each with a folder of its own. `made` is told of each, so that it can be closed. */
export async function createServices(
  creates: Readonly<Record<string, CreateService>>,
  ground: Ground,
  options: Pick<ServiceContext, 'emit' | 'near'> & { data: DataFolder; made: (service: LocalService) => void },
): Promise<LocalService[]> {
  const { counts: _, line: __, ...context } = ground;
  const { data, emit, near, made } = options;
  const services: LocalService[] = [];
  for (const [name, create] of Object.entries(creates)) {
    const service = await create({ ...context, folder: data.folderOf(name), emit, near });
    made(service);
    services.push(service);
  }
  return services;
}
