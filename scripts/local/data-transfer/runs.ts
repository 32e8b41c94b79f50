import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '../plumbing/service.ts';
import type { Config } from './configs.ts';
import { notFound } from './errors.ts';
import type { RunError, RunState, Severity } from './messages.ts';
import type { Params } from './params.ts';

/** A transfer run as it is stored. Times are milliseconds since the epoch. */
export interface Run {
  readonly name: string;
  readonly config: string;
  readonly state: RunState;
  /** It starts then, or later. */
  readonly scheduled: number;
  /** The time that it is meant for: @run_time. */
  readonly time: number;
  readonly started: number | null;
  readonly ended: number | null;
  readonly updated: number;
  /** How often its job was lost and made anew. */
  readonly attempt: number;
  readonly error: RunError | null;
  /** What the config said when the run was made. */
  readonly params: Params;
  readonly dataset: string;
  /** Empty for runs that were started by hand. */
  readonly schedule: string;
  readonly topic: string;
}

export interface LogEntry {
  readonly time: number;
  readonly severity: Severity;
  readonly text: string;
}

type Row = Omit<Run, 'error' | 'params'> & { readonly error: string | null; readonly params: string };

/** How long a run that has ended is known. */
const KEPT_MS = 90 * 24 * 3_600_000;

/** The transfer runs of every config, and what is told of them. */
export class Runs {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.exec(`
      CREATE TABLE IF NOT EXISTS transfer_runs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, config TEXT NOT NULL, state TEXT NOT NULL,
        scheduled INTEGER NOT NULL, time INTEGER NOT NULL, started INTEGER, ended INTEGER, updated INTEGER NOT NULL,
        attempt INTEGER NOT NULL DEFAULT 0, error TEXT, params TEXT NOT NULL, dataset TEXT NOT NULL,
        schedule TEXT NOT NULL, topic TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS transfer_runs_config ON transfer_runs (config, seq);
      CREATE INDEX IF NOT EXISTS transfer_runs_open ON transfer_runs (scheduled) WHERE state IN ('PENDING', 'RUNNING');
      CREATE INDEX IF NOT EXISTS transfer_runs_ended ON transfer_runs (ended);
      CREATE TABLE IF NOT EXISTS transfer_logs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, time INTEGER NOT NULL, severity TEXT NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS transfer_logs_run ON transfer_logs (run, seq);`);
  }

  /** Makes a run of the config; it waits for `scheduled`. */
  add(
    { name, settings }: Config,
    { time, scheduled, isManual }: { time: number; scheduled: number; isManual: boolean },
  ): Run {
    const { store, clock } = this.#context;
    this.#forget('ended < ?', clock.now() - KEPT_MS);
    const run = `${name}/runs/${randomUUID()}`;
    const { params, dataset, timing, topic } = settings;
    store.run(
      `INSERT INTO transfer_runs (name, config, state, scheduled, time, updated, params, dataset, schedule, topic)
       VALUES (?, ?, 'PENDING', ?, ?, ?, ?, ?, ?, ?)`,
      ...[run, name, scheduled, time, Math.floor(clock.now()), JSON.stringify(params), dataset],
      ...[isManual ? '' : timing.schedule, topic],
    );
    return this.get(run);
  }

  /** @throws RpcError NOT_FOUND */
  get(name: string): Run {
    const run = this.find(name);
    if (!run) throw notFound(name);
    return run;
  }

  find(name: string): Run | undefined {
    const row = this.#context.store.get<Row>('SELECT * FROM transfer_runs WHERE name = ?', name);
    return row && runOf(row);
  }

  /** The runs of a config, the newest first. */
  list(config: string): Run[] {
    return this.#context.store
      .all<Row>('SELECT * FROM transfer_runs WHERE config = ? ORDER BY scheduled DESC, seq DESC', config)
      .map(runOf);
  }

  /** The run of a config that was changed last. */
  latest(config: string): Run | undefined {
    const row = this.#context.store.get<Row>(
      'SELECT * FROM transfer_runs WHERE config = ? ORDER BY updated DESC, seq DESC LIMIT 1',
      config,
    );
    return row && runOf(row);
  }

  /** Runs that are under way, then those whose time has come, in its order. */
  due(now: number): Run[] {
    const sql = `SELECT * FROM transfer_runs WHERE state = 'RUNNING' OR state = 'PENDING' AND scheduled <= ?
      ORDER BY state = 'PENDING', scheduled, seq`;
    return this.#context.store.all<Row>(sql, now).map(runOf);
  }

  /** When the first run after a time is due. */
  nextDue(after: number): number | undefined {
    const sql = "SELECT min(scheduled) AS due FROM transfer_runs WHERE state = 'PENDING' AND scheduled > ?";
    return this.#context.store.get<{ due: number | null }>(sql, after)?.due ?? undefined;
  }

  countOpen(): number {
    const sql = "SELECT count(*) AS n FROM transfer_runs WHERE state IN ('PENDING', 'RUNNING')";
    return this.#context.store.get<{ n: number }>(sql)?.n ?? 0;
  }

  begin(name: string): void {
    const now = Math.floor(this.#context.clock.now());
    this.#context.store.run(
      "UPDATE transfer_runs SET state = 'RUNNING', started = ifnull(started, ?), updated = ? WHERE name = ?",
      ...[now, now, name],
    );
  }

  /** The run's job was lost: the next is another one. */
  again(name: string): void {
    this.#context.store.run('UPDATE transfer_runs SET attempt = attempt + 1 WHERE name = ?', name);
  }

  end(name: string, error: RunError | undefined): void {
    const now = Math.floor(this.#context.clock.now());
    this.#context.store.run(
      'UPDATE transfer_runs SET state = ?, ended = ?, updated = ?, error = ? WHERE name = ?',
      ...[error ? 'FAILED' : 'SUCCEEDED', now, now, error ? JSON.stringify(error) : null, name],
    );
  }

  delete(name: string): void {
    this.#forget('name = ?', name);
  }

  deleteOf(config: string): void {
    this.#forget('config = ?', config);
  }

  /** Tells something of a run that is still there. */
  log(run: string, severity: Severity, text: string): void {
    if (!this.find(run)) return;
    this.#context.store.run(
      'INSERT INTO transfer_logs (run, time, severity, text) VALUES (?, ?, ?, ?)',
      ...[run, Math.floor(this.#context.clock.now()), severity, text],
    );
  }

  /** What was told of a run, the oldest first. */
  logs(run: string): LogEntry[] {
    return this.#context.store.all<Row & LogEntry>(
      'SELECT time, severity, text FROM transfer_logs WHERE run = ? ORDER BY seq',
      run,
    );
  }

  #forget(which: string, value: string | number): void {
    const { store } = this.#context;
    store.run(`DELETE FROM transfer_logs WHERE run IN (SELECT name FROM transfer_runs WHERE ${which})`, value);
    store.run(`DELETE FROM transfer_runs WHERE ${which}`, value);
  }
}

function runOf({ error, params, ...row }: Row): Run {
  return {
    ...row,
    error: error === null ? null : (JSON.parse(error) as RunError),
    params: JSON.parse(params) as Params,
  };
}
