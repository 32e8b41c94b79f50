import { openPort, type Port } from '../plumbing/port.ts';
import type { Store } from '../plumbing/store.ts';
import { explainPortError } from './cloud-error.ts';

/**
 * Opens the wanted port. For 0 it is the one that the data folder had last time, because tasks and subscriptions that
 * are stored have it in their addresses; when that is taken, any free one.
 * @throws CloudError when the wanted port is taken.
 */
export async function listen(
  store: Store,
  wanted: number,
  options: Omit<Parameters<typeof openPort>[0], 'port'>,
): Promise<Port> {
  store.exec('CREATE TABLE IF NOT EXISTS host_port (port INTEGER NOT NULL)');
  const last = store.get<{ port: number }>('SELECT port FROM host_port')?.port ?? 0;
  const port = await open(wanted, last, options);
  store.transaction(() => {
    store.run('DELETE FROM host_port');
    store.run('INSERT INTO host_port VALUES (?)', port.port);
  });
  return port;
}

async function open(wanted: number, last: number, options: Omit<Parameters<typeof openPort>[0], 'port'>) {
  try {
    return await openPort({ ...options, port: wanted || last });
  } catch (error) {
    if (wanted !== 0 || last === 0) throw explainPortError(error, wanted || last);
    return openPort({ ...options, port: 0 });
  }
}
