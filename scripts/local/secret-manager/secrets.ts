import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import type { SecretChange } from './fields.ts';
import { type Replication, type SecretMessage, timestamp } from './messages.ts';

/** A secret as it is stored. */
export interface SecretRow {
  readonly name: string;
  readonly created: number;
  readonly expires: number | null;
  readonly etag: string;
  readonly next_version: number;
  /** JSON. */
  readonly replication: string;
  readonly labels: string;
  readonly annotations: string;
  readonly aliases: string;
}

type Columns = Pick<SecretRow, 'labels' | 'annotations' | 'aliases' | 'expires'>;

/** A new entity tag: opaque, and quoted as Google's. */
export function newEtag(): string {
  return `"${randomBytes(7).toString('hex')}"`;
}

/** Refuses a request whose etag, when it gives one, is not that of what it is about. */
export function checkEtag(name: string, given: string | undefined, current: string): void {
  if (!given || given === current) return;
  throw new RpcError(status.FAILED_PRECONDITION, `[${name}] has the etag ${current}, not ${given}: read it again`);
}

/** The secrets of every project. */
export class Secrets {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.exec(`CREATE TABLE IF NOT EXISTS secrets_secrets (
      name TEXT PRIMARY KEY, created REAL NOT NULL, expires REAL, etag TEXT NOT NULL, next_version INTEGER NOT NULL,
      replication TEXT NOT NULL, labels TEXT NOT NULL, annotations TEXT NOT NULL, aliases TEXT NOT NULL
    ) STRICT`);
  }

  /** @throws RpcError ALREADY_EXISTS. */
  create(name: string, replication: Replication, change: SecretChange): SecretRow {
    if (this.#find(name)) throw new RpcError(status.ALREADY_EXISTS, `Secret [${name}] already exists.`);
    const columns: Columns = { labels: '{}', annotations: '{}', aliases: '{}', expires: null, ...change };
    this.#context.store.run(
      'INSERT INTO secrets_secrets VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)',
      name,
      this.#context.clock.now(),
      columns.expires,
      newEtag(),
      JSON.stringify(replication),
      columns.labels,
      columns.annotations,
      columns.aliases,
    );
    return this.get(name);
  }

  /** @throws RpcError NOT_FOUND. */
  get(name: string): SecretRow {
    const row = this.#find(name);
    if (!row) throw new RpcError(status.NOT_FOUND, `Secret [${name}] not found.`);
    return row;
  }

  update(name: string, etag: string | undefined, change: SecretChange): SecretRow {
    const row = this.get(name);
    checkEtag(name, etag, row.etag);
    const next = { ...row, ...change };
    this.#context.store.run(
      'UPDATE secrets_secrets SET labels = ?, annotations = ?, aliases = ?, expires = ?, etag = ? WHERE name = ?',
      next.labels,
      next.annotations,
      next.aliases,
      next.expires,
      newEtag(),
      name,
    );
    return this.get(name);
  }

  /** Deletes a secret and its versions. */
  delete(name: string, etag: string | undefined): void {
    checkEtag(name, etag, this.get(name).etag);
    this.#context.store.run('DELETE FROM secrets_secrets WHERE name = ?', name);
  }

  /** The secrets of a project, newest first. */
  list(parent: string): SecretRow[] {
    this.#expire();
    const from = `${parent}/secrets/`;
    return this.#context.store.all<SecretRow>(
      'SELECT * FROM secrets_secrets WHERE substr(name, 1, ?) = ? ORDER BY created DESC, rowid DESC',
      from.length,
      from,
    );
  }

  /** Takes the next number for a version; numbers are never used again. */
  takeVersion(name: string): number {
    const number = this.get(name).next_version;
    this.#context.store.run('UPDATE secrets_secrets SET next_version = ? WHERE name = ?', number + 1, name);
    return number;
  }

  #find(name: string): SecretRow | undefined {
    this.#expire();
    return this.#context.store.get<SecretRow>('SELECT * FROM secrets_secrets WHERE name = ?', name);
  }

  /** A secret past its expiry is deleted before anyone can look at it. */
  #expire(): void {
    this.#context.store.run('DELETE FROM secrets_secrets WHERE expires <= ?', this.#context.clock.now());
  }
}

/** The secret as the API answers it. */
export function secretMessage(row: SecretRow): SecretMessage {
  return {
    name: row.name,
    replication: JSON.parse(row.replication),
    createTime: timestamp(row.created),
    labels: JSON.parse(row.labels),
    annotations: JSON.parse(row.annotations),
    versionAliases: JSON.parse(row.aliases),
    etag: row.etag,
    ...(row.expires !== null && { expireTime: timestamp(row.expires) }),
  };
}
