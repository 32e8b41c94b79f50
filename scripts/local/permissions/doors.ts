import type { AnyFunction } from '../../../shared/define/function.ts';
import type { Port } from '../plumbing/port.ts';
import { type Account, accountOf } from './accounts.ts';

/**
 * A port for each function, behind which all services are. Google's clients send no credentials to an emulator, so who
 * sends a request is known by the port that it comes through: it is looked up once a request, and costs nothing.
 */
export class Doors {
  readonly #accounts = new Map<number, Account>();
  readonly #origins = new Map<string, string>();

  async open(port: Pick<Port, 'openDoor'>, functions: readonly AnyFunction[], project: string): Promise<void> {
    await Promise.all(
      functions.map(async (declared) => {
        const door = await port.openDoor();
        this.#accounts.set(door, accountOf(declared, project));
        this.#origins.set(declared.name, `http://127.0.0.1:${door}`);
      }),
    );
  }

  /** Whose the requests are that come through a port; undefined for those that may do everything. */
  accountAt(port: number | undefined): Account | undefined {
    return port === undefined ? undefined : this.#accounts.get(port);
  }

  /** Where a function finds the services; undefined when it has no door of its own. */
  originFor(name: string): string | undefined {
    return this.#origins.get(name);
  }
}
