import type { AnyFunction } from '../../../shared/define/function.ts';
import type { Port } from '../plumbing/port.ts';
import type { Store } from '../plumbing/store.ts';
import { type Account, accountOf } from './accounts.ts';

/**
 * A port for each function, behind which all services are. Google's clients send no credentials to an emulator, so who
 * sends a request is known by the port that it comes through: it is looked up once a request, and costs nothing.
 */
export class Doors {
  readonly #accounts = new Map<number, Account>();
  readonly #origins = new Map<string, string>();

  /** Opens them, each where it was the last time if that is free: signed links have it in their addresses. */
  async open(
    port: Pick<Port, 'openDoor'>,
    functions: readonly AnyFunction[],
    { project, store }: { readonly project: string; readonly store: Store },
  ): Promise<void> {
    store.exec('CREATE TABLE IF NOT EXISTS host_doors (function TEXT PRIMARY KEY, port INTEGER NOT NULL)');
    const rows = store.all<{ function: string; port: number }>('SELECT function, port FROM host_doors');
    const before = new Map(rows.map((row) => [row.function, row.port]));
    const opened = await Promise.all(
      functions.map(async (declared) => ({ declared, door: await openAgain(port, before.get(declared.name)) })),
    );
    store.transaction(() => {
      for (const { declared, door } of opened) {
        this.#accounts.set(door, accountOf(declared, project));
        this.#origins.set(declared.name, `http://127.0.0.1:${door}`);
        store.run('INSERT OR REPLACE INTO host_doors VALUES (?, ?)', declared.name, door);
      }
    });
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

async function openAgain(port: Pick<Port, 'openDoor'>, wanted: number | undefined): Promise<number> {
  try {
    return await port.openDoor(wanted ?? 0);
  } catch (error) {
    if (wanted === undefined) throw error;
    return port.openDoor(0);
  }
}
