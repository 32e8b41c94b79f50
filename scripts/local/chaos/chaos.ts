import type { IncomingMessage } from 'node:http';
import type { Clock } from '../plumbing/clock.ts';
import type { GrpcService, ServiceContext } from '../plumbing/service.ts';
import { type Bring, type Delivery, DeliveryChaos } from './deliveries.ts';
import { Refusals } from './refusals.ts';
import { type ChaosSettings, calm } from './settings.ts';

/** Makes faults on purpose, as Google Cloud may at any time. */
export interface Chaos {
  /** How many faults were made, by their name in the switch. */
  readonly made: ReadonlyMap<string, number>;
  deliver<T>(delivery: Delivery, bring: Bring<T>): Promise<T>;
  wrap(service: GrpcService): GrpcService;
  /** @throws HttpError 503 instead of letting the request through. */
  refuseRequest(request: IncomingMessage, url: URL): void;
}

/** @param settings what is not given does not happen. */
export function createChaos(
  settings: Partial<ChaosSettings>,
  { clock, log }: { clock: Clock; log: ServiceContext['log'] },
): Chaos {
  const made = new Map<string, number>();
  const tell = (fault: string, what: Readonly<Record<string, unknown>>) => {
    made.set(fault, (made.get(fault) ?? 0) + 1);
    log('DEBUG', `chaos: ${fault}`, { chaos: what });
  };
  const all = { ...calm, ...settings };
  const deliveries = new DeliveryChaos({ settings: all, clock, made: tell });
  const refusals = new Refusals(all, tell);
  return {
    made,
    deliver: (delivery, bring) => deliveries.deliver(delivery, bring),
    wrap: (service) => refusals.wrap(service),
    refuseRequest: (request, url) => refusals.refuseRequest(request, url),
  };
}
