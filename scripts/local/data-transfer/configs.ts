import { isDeepStrictEqual } from 'node:util';
import type { ServiceContext } from '../plumbing/service.ts';
import { notFound } from './errors.ts';
import { type Place, parentOf } from './names.ts';
import { parseSchedule } from './schedule.ts';
import type { Settings } from './settings.ts';

/** A transfer config as it is stored. Times are milliseconds since the epoch. */
export interface Config {
  readonly name: string;
  readonly settings: Settings;
  readonly updated: number;
  /** The time that intervals count from. */
  readonly anchor: number;
  /** The time of the next scheduled run; null when none is to come. */
  readonly next: number | null;
}

type Row = Omit<Config, 'settings'> & { readonly settings: string };

/** The transfer configs of every project. */
export class Configs {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.exec(`CREATE TABLE IF NOT EXISTS transfer_configs (
      name TEXT PRIMARY KEY, settings TEXT NOT NULL, updated INTEGER NOT NULL, anchor INTEGER NOT NULL, next INTEGER
    ) STRICT`);
  }

  /** Keeps a new or a changed config. Another timing schedules its runs anew from now on; being enabled goes on with it. */
  put(name: string, settings: Settings): Config {
    const { store, clock } = this.#context;
    const now = Math.floor(clock.now());
    const before = this.find(name);
    const kept = before && isDeepStrictEqual(before.settings.timing, settings.timing) ? before : undefined;
    const anchor = kept?.anchor ?? Math.floor(settings.timing.start ?? now);
    const next = kept?.settings.disabled === settings.disabled ? kept.next : (nextRun(settings, now, anchor) ?? null);
    store.run(
      'INSERT OR REPLACE INTO transfer_configs (name, settings, updated, anchor, next) VALUES (?, ?, ?, ?, ?)',
      ...[name, JSON.stringify(settings), now, anchor, next],
    );
    return this.get(name);
  }

  /** @throws RpcError NOT_FOUND */
  get(name: string): Config {
    const config = this.find(name);
    if (!config) throw notFound(name);
    return config;
  }

  find(name: string): Config | undefined {
    const row = this.#context.store.get<Row>('SELECT * FROM transfer_configs WHERE name = ?', name);
    return row && configOf(row);
  }

  /** The configs of a place, by name. */
  list(place: Place): Config[] {
    const from = `${parentOf(place)}/transferConfigs/`;
    return this.#context.store
      .all<Row>('SELECT * FROM transfer_configs WHERE substr(name, 1, ?) = ? ORDER BY name', from.length, from)
      .map(configOf);
  }

  delete(name: string): void {
    this.#context.store.run('DELETE FROM transfer_configs WHERE name = ?', name);
  }

  /** Configs whose next run is due. */
  due(now: number): Config[] {
    return this.#context.store
      .all<Row>('SELECT * FROM transfer_configs WHERE next <= ? ORDER BY next, name', now)
      .map(configOf);
  }

  /** The earliest time at which a run is due. */
  nextDue(): number | undefined {
    return (
      this.#context.store.get<{ next: number | null }>('SELECT min(next) AS next FROM transfer_configs')?.next ??
      undefined
    );
  }

  /** Takes the times of the config's runs that are due, and moves on to the one after them. */
  takeDue({ name, settings, anchor, next: first }: Config, now: number): number[] {
    const times: number[] = [];
    let next = first;
    for (; next !== null && next <= now; next = nextRun(settings, next + 1, anchor) ?? null) times.push(next);
    this.#context.store.run('UPDATE transfer_configs SET next = ? WHERE name = ?', next, name);
    return times;
  }
}

/** The time of the first run from a time on; undefined when there is none. */
function nextRun({ timing, disabled }: Settings, from: number, anchor: number): number | undefined {
  if (disabled || timing.manual) return undefined;
  const next = parseSchedule(timing.schedule).next(Math.max(from, timing.start ?? 0), anchor);
  return next !== undefined && next < (timing.end ?? Number.POSITIVE_INFINITY) ? next : undefined;
}

function configOf(row: Row): Config {
  return { ...row, settings: JSON.parse(row.settings) as Settings };
}
