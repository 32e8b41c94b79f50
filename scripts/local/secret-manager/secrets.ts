import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import type { SecretChange } from './fields.ts';
import { type Replication, type SecretMessage, timestamp, toJson } from './messages.ts';
import type { EventType, Notices } from './notices.ts';
import { checkRotation } from './rotation.ts';

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
  /** JSON: full names. */
  readonly topics: string;
  /** Milliseconds. */
  readonly next_rotation: number | null;
  readonly rotation_period: number | null;
  readonly destroy_ttl: number | null;
}

type Columns = Required<SecretChange>;

const NEW: Columns = {
  labels: '{}',
  annotations: '{}',
  aliases: '{}',
  expires: null,
  topics: '[]',
  next_rotation: null,
  rotation_period: null,
  destroy_ttl: null,
};
const WRITABLE = Object.keys(NEW) as (keyof Columns)[];

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
  readonly #notices: Notices;

  constructor(context: ServiceContext, notices: Notices) {
    this.#context = context;
    this.#notices = notices;
    context.store.exec(`CREATE TABLE IF NOT EXISTS secrets_secrets (
      name TEXT PRIMARY KEY, created REAL NOT NULL, expires REAL, etag TEXT NOT NULL, next_version INTEGER NOT NULL,
      replication TEXT NOT NULL, labels TEXT NOT NULL, annotations TEXT NOT NULL, aliases TEXT NOT NULL,
      topics TEXT NOT NULL DEFAULT '[]', next_rotation REAL, rotation_period REAL, destroy_ttl REAL
    ) STRICT`);
  }

  /** @throws RpcError ALREADY_EXISTS. */
  create(name: string, replication: Replication, change: SecretChange): SecretRow {
    const { store, clock } = this.#context;
    if (this.find(name)) throw new RpcError(status.ALREADY_EXISTS, `Secret [${name}] already exists.`);
    const columns = { ...NEW, ...change };
    store.transaction(() => {
      store.run(
        `INSERT INTO secrets_secrets (name, created, etag, next_version, replication, ${WRITABLE.join(', ')})
         VALUES (?, ?, ?, 1, ?, ${WRITABLE.map(() => '?').join(', ')})`,
        ...[name, clock.now(), newEtag(), JSON.stringify(replication), ...WRITABLE.map((key) => columns[key])],
      );
      this.#tell('SECRET_CREATE', this.get(name));
    });
    return this.get(name);
  }

  /** @throws RpcError NOT_FOUND. */
  get(name: string): SecretRow {
    const row = this.find(name);
    if (!row) throw new RpcError(status.NOT_FOUND, `Secret [${name}] not found.`);
    return row;
  }

  update(name: string, etag: string | undefined, change: SecretChange): SecretRow {
    const row = this.get(name);
    checkEtag(name, etag, row.etag);
    const next = { ...row, ...change };
    checkRotation(next);
    const { store } = this.#context;
    store.transaction(() => {
      store.run(
        `UPDATE secrets_secrets SET ${WRITABLE.map((key) => `${key} = ?`).join(', ')}, etag = ? WHERE name = ?`,
        ...[...WRITABLE.map((key) => next[key]), newEtag(), name],
      );
      this.#tell('SECRET_UPDATE', this.get(name));
    });
    return this.get(name);
  }

  /** Deletes a secret and its versions. */
  delete(name: string, etag: string | undefined): void {
    const row = this.get(name);
    checkEtag(name, etag, row.etag);
    this.#remove(row, 'REQUESTED');
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

  find(name: string): SecretRow | undefined {
    this.#expire();
    return this.#context.store.get<SecretRow>('SELECT * FROM secrets_secrets WHERE name = ?', name);
  }

  /** The earliest time at which a secret expires or is to be rotated. */
  nextDue(): number | undefined {
    const row = this.#context.store.get<{ due: number | null }>(
      'SELECT min(min(ifnull(expires, 9e15), ifnull(next_rotation, 9e15))) AS due FROM secrets_secrets',
    );
    return row?.due && row.due < 9e15 ? row.due : undefined;
  }

  /** Deletes what has expired, and tells the topics of secrets whose time has come to rotate them. */
  actOnTime(): void {
    const { store, clock } = this.#context;
    this.#expire();
    const now = clock.now();
    for (const row of store.all<SecretRow>('SELECT * FROM secrets_secrets WHERE next_rotation <= ?', now)) {
      store.transaction(() => {
        this.#tell('SECRET_ROTATE', row);
        const { next_rotation: due, rotation_period: period } = row;
        const next = due !== null && period !== null ? due + period * (Math.floor((now - due) / period) + 1) : null;
        store.run(
          'UPDATE secrets_secrets SET next_rotation = ?, etag = ? WHERE name = ?',
          ...[next, newEtag(), row.name],
        );
      });
    }
  }

  /** A secret past its expiry is deleted before anyone can look at it. */
  #expire(): void {
    const { store, clock } = this.#context;
    const expired = store.all<SecretRow>('SELECT * FROM secrets_secrets WHERE expires <= ?', clock.now());
    for (const row of expired) this.#remove(row, 'EXPIRED');
  }

  #remove(row: SecretRow, deleteType: 'REQUESTED' | 'EXPIRED'): void {
    this.#context.store.transaction(() => {
      this.#notices.add(topicsOfRow(row), {
        ...{ type: 'SECRET_DELETE', secret: row.name, deleteType, resource: toJson(secretMessage(row)) },
      });
      this.#context.store.run('DELETE FROM secrets_secrets WHERE name = ?', row.name);
    });
  }

  #tell(type: EventType, row: SecretRow): void {
    this.#notices.add(topicsOfRow(row), { type, secret: row.name, resource: toJson(secretMessage(row)) });
  }
}

/** Full names of the topics a secret tells. */
export function topicsOfRow(row: SecretRow): string[] {
  return JSON.parse(row.topics) as string[];
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
    topics: topicsOfRow(row).map((name) => ({ name })),
    ...(row.expires !== null && { expireTime: timestamp(row.expires) }),
    ...((row.next_rotation ?? row.rotation_period) !== null && {
      rotation: {
        ...(row.next_rotation !== null && { nextRotationTime: timestamp(row.next_rotation) }),
        ...(row.rotation_period !== null && { rotationPeriod: timestamp(row.rotation_period) }),
      },
    }),
    ...(row.destroy_ttl !== null && { versionDestroyTtl: timestamp(row.destroy_ttl) }),
  };
}
