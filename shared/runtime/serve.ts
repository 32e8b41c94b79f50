import * as framework from '@google-cloud/functions-framework';
import type { AnyFunction } from '../define/function.ts';
import type { ServiceDeclarations } from '../define/service.ts';
import { createPlatform, type Platform } from '../platform/platform.ts';
import { cloudEventListener } from './cloud-event.ts';
import { httpListener } from './http.ts';
import { outsideDomain } from './leave-domain.ts';
import { stopInOrder } from './stop.ts';
import { takeEveryRequest } from './take-every-request.ts';
import { takeUpgrades } from './take-upgrades.ts';
import { scheduleListener, taskListener } from './task.ts';

/** Binds a declared function to the Functions Framework, which has loaded its bundle. */
export function serve(declaration: AnyFunction): void {
  const platform = createPlatform();
  const services = lazyServices(declaration.services, platform);
  const stopping = stopInOrder(platform);
  const listening = <Arguments extends unknown[], Result>(listener: (...given: Arguments) => Result) =>
    outsideDomain(stopping(listener));
  switch (declaration.trigger.kind) {
    case 'http': {
      const { request, upgrade } = httpListener(declaration, platform, services);
      takeEveryRequest();
      takeUpgrades(stopping(upgrade));
      framework.http(declaration.name, listening(request));
      break;
    }
    case 'task':
      framework.http(declaration.name, listening(taskListener(declaration, platform, services)));
      break;
    case 'schedule':
      framework.http(declaration.name, listening(scheduleListener(declaration, platform, services)));
      break;
    default:
      framework.cloudEvent(declaration.name, listening(cloudEventListener(declaration, platform, services)));
  }
}

/** The services of a function together with what every handler is given; each is made when it is first reached for. */
export function lazyServices(declarations: ServiceDeclarations, platform: Platform): Record<string, unknown> {
  const services: Record<string, unknown> = {
    config: platform.config,
    clock: platform.clock,
    ids: platform.ids,
    log: platform.log,
    random: () => platform.random(),
    stopping: platform.stopping,
  };
  for (const [name, declaration] of Object.entries(declarations)) {
    let made: { readonly service: unknown } | undefined;
    Object.defineProperty(services, name, {
      enumerable: true,
      get: () => {
        made ??= { service: declaration.make(platform) };
        return made.service;
      },
    });
  }
  return services;
}
