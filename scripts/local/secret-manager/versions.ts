import { status } from '@grpc/grpc-js';
import { crc32c } from '../plumbing/crc32c.ts';
import { RpcError } from '../plumbing/grpc.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import { timestamp, toJson, type VersionMessage, type VersionState } from './messages.ts';
import type { EventType, Notices } from './notices.ts';
import { checkEtag, newEtag, type SecretRow, type Secrets, topicsOfRow } from './secrets.ts';

/** A version as it is stored, without its payload. */
export interface VersionRow {
  readonly secret: string;
  readonly number: number;
  readonly state: VersionState;
  readonly created: number;
  readonly destroyed: number | null;
  readonly etag: string;
  readonly checked: number;
  /** When it will be destroyed, milliseconds. */
  readonly scheduled: number | null;
}

const COLUMNS = 'secret, number, state, created, destroyed, etag, checked, scheduled';
const MOVES: Readonly<Record<VersionState, EventType>> = {
  ENABLED: 'SECRET_VERSION_ENABLE',
  DISABLED: 'SECRET_VERSION_DISABLE',
  DESTROYED: 'SECRET_VERSION_DESTROY',
};
const LARGEST_PAYLOAD = 64 * 1024;

/** The versions of the secrets, and their payloads. */
export class Versions {
  readonly #context: ServiceContext;
  readonly #secrets: Secrets;
  readonly #notices: Notices;

  constructor(context: ServiceContext, secrets: Secrets, notices: Notices) {
    this.#context = context;
    this.#secrets = secrets;
    this.#notices = notices;
    context.store.exec(`CREATE TABLE IF NOT EXISTS secrets_versions (
      secret TEXT NOT NULL REFERENCES secrets_secrets (name) ON DELETE CASCADE, number INTEGER NOT NULL,
      state TEXT NOT NULL, created REAL NOT NULL, destroyed REAL, etag TEXT NOT NULL, checked INTEGER NOT NULL,
      payload BLOB, scheduled REAL, PRIMARY KEY (secret, number)
    ) STRICT`);
  }

  /**
   * @param checksum CRC32C of the payload, decimal, when the client gave one.
   * @throws RpcError INVALID_ARGUMENT when the payload is empty, above 64 KiB, or not what the checksum says.
   */
  add(secret: string, data: Buffer, checksum: string | undefined): VersionRow {
    if (data.length === 0) throw new RpcError(status.INVALID_ARGUMENT, 'the payload of a version cannot be empty');
    if (data.length > LARGEST_PAYLOAD) throw new RpcError(status.INVALID_ARGUMENT, 'the payload exceeds 65536 bytes');
    if (checksum !== undefined && checksum !== String(crc32c(data))) {
      throw new RpcError(
        status.INVALID_ARGUMENT,
        `data_crc32c is ${checksum}, but that of the data is ${crc32c(data)}`,
      );
    }
    return this.#context.store.transaction(() => {
      const number = this.#secrets.takeVersion(secret);
      this.#context.store.run(
        `INSERT INTO secrets_versions (${COLUMNS}, payload) VALUES (?, ?, 'ENABLED', ?, NULL, ?, ?, NULL, ?)`,
        secret,
        number,
        this.#context.clock.now(),
        newEtag(),
        checksum === undefined ? 0 : 1,
        data,
      );
      return this.#told('SECRET_VERSION_ADD', secret, number);
    });
  }

  /**
   * @param version a number, an alias, or `latest`: the version that was created last, whatever its state.
   * @throws RpcError NOT_FOUND.
   */
  get(secret: string, version: string): VersionRow {
    this.#destroyDue();
    const number = this.#numberOf(this.#secrets.get(secret), version);
    const row = this.#context.store.get<VersionRow>(
      `SELECT ${COLUMNS} FROM secrets_versions WHERE secret = ? AND number = ?`,
      secret,
      number,
    );
    if (!row) throw new RpcError(status.NOT_FOUND, `Secret Version [${secret}/versions/${version}] not found.`);
    return row;
  }

  /** @throws RpcError FAILED_PRECONDITION unless the version is enabled. */
  payload(row: VersionRow): Buffer {
    if (row.state !== 'ENABLED') throw inState(row);
    const stored = this.#context.store.get<{ payload: Uint8Array }>(
      'SELECT payload FROM secrets_versions WHERE secret = ? AND number = ?',
      row.secret,
      row.number,
    );
    return Buffer.from(stored?.payload ?? []);
  }

  /** Newest first. */
  list(secret: string): VersionRow[] {
    this.#secrets.get(secret);
    this.#destroyDue();
    return this.#context.store.all<VersionRow>(
      `SELECT ${COLUMNS} FROM secrets_versions WHERE secret = ? ORDER BY number DESC`,
      secret,
    );
  }

  /**
   * Moves a version to another state; to be destroyed is for ever, and erases the payload. In a secret with a
   * `versionDestroyTtl` the version is disabled and destroyed when that time is over, unless it is enabled before.
   */
  setState(row: VersionRow, state: VersionState, etag: string | undefined): VersionRow {
    checkEtag(nameOf(row), etag, row.etag);
    if (row.state === 'DESTROYED') throw inState(row);
    const delay = this.#secrets.get(row.secret).destroy_ttl;
    if (state !== 'DESTROYED' || delay === null || row.scheduled !== null) return this.#move(row, state, null);
    return this.#move(row, 'DISABLED', this.#context.clock.now() + delay);
  }

  /** The earliest time at which a version is to be destroyed. */
  nextDue(): number | undefined {
    const row = this.#context.store.get<{ due: number | null }>('SELECT min(scheduled) AS due FROM secrets_versions');
    return row?.due ?? undefined;
  }

  /** Destroys the versions whose time is over. */
  actOnTime(): void {
    this.#destroyDue();
  }

  #destroyDue(): void {
    const due = this.#context.store.all<VersionRow>(
      `SELECT ${COLUMNS} FROM secrets_versions WHERE scheduled <= ?`,
      this.#context.clock.now(),
    );
    for (const row of due) this.#move(row, 'DESTROYED', null);
  }

  #move(row: VersionRow, state: VersionState, scheduled: number | null): VersionRow {
    const { store, clock } = this.#context;
    return store.transaction(() => {
      store.run(
        `UPDATE secrets_versions SET state = ?, etag = ?, destroyed = iif(? = 'DESTROYED', ?, NULL),
           payload = iif(? = 'DESTROYED', NULL, payload), scheduled = ? WHERE secret = ? AND number = ?`,
        ...[state, newEtag(), state, clock.now(), state, scheduled, row.secret, row.number],
      );
      return this.#told(scheduled === null ? MOVES[state] : 'SECRET_VERSION_DESTROY_SCHEDULED', row.secret, row.number);
    });
  }

  /** The version, whose secret's topics are told what has become of it. */
  #told(type: EventType, secret: string, number: number): VersionRow {
    const row = this.get(secret, String(number));
    const of = this.#secrets.get(secret);
    const resource = toJson(versionMessage(row, of));
    this.#notices.add(topicsOfRow(of), { type, secret, version: nameOf(row), resource });
    return row;
  }

  #numberOf(secret: SecretRow, version: string): number {
    if (/^\d+$/.test(version)) return Number(version);
    if (version !== 'latest') {
      const aliases = JSON.parse(secret.aliases) as Record<string, string>;
      return Object.hasOwn(aliases, version) ? Number(aliases[version]) : -1;
    }
    const latest = this.#context.store.get<{ number: number | null }>(
      'SELECT max(number) AS number FROM secrets_versions WHERE secret = ?',
      secret.name,
    );
    if (!latest?.number) throw new RpcError(status.NOT_FOUND, `Secret [${secret.name}] not found or has no versions.`);
    return latest.number;
  }
}

/** The version as the API answers it. */
export function versionMessage(row: VersionRow, secret: SecretRow): VersionMessage {
  const replication = JSON.parse(secret.replication) as { userManaged?: { replicas: unknown[] } };
  return {
    name: nameOf(row),
    createTime: timestamp(row.created),
    ...(row.destroyed !== null && { destroyTime: timestamp(row.destroyed) }),
    ...(row.scheduled !== null && { scheduledDestroyTime: timestamp(row.scheduled) }),
    state: row.state,
    replicationStatus: replication.userManaged ? replication : { automatic: {} },
    etag: row.etag,
    clientSpecifiedPayloadChecksum: row.checked === 1,
  };
}

/** Full name of a version, with its number. */
export function nameOf(row: VersionRow): string {
  return `${row.secret}/versions/${row.number}`;
}

function inState(row: VersionRow): RpcError {
  return new RpcError(status.FAILED_PRECONDITION, `Secret Version [${nameOf(row)}] is in ${row.state} state.`);
}
