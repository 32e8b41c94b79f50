import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringUpToDate, DATA_FORMAT, type Migration, NewerFormatError } from './data-format.ts';
import { Store } from './store.ts';

describe('the format of the data', () => {
  let folder: string;
  const stores: Store[] = [];
  const open = () => {
    const store = new Store(join(folder, 'cloud.db'));
    stores.push(store);
    return store;
  };
  const formatOf = (store: Store) => store.get<{ user_version: number }>('PRAGMA user_version')?.user_version;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtuoso-format-'));
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const rename: Migration = (store) => store.exec('ALTER TABLE things RENAME COLUMN a TO b');
  const double: Migration = (store) => store.exec('UPDATE things SET b = 2 * b');
  const old = () => {
    const store = open();
    store.exec('CREATE TABLE things (a INTEGER)');
    store.run('INSERT INTO things VALUES (21)');
    return store;
  };

  it('of a new store is the present one, and nothing is migrated', () => {
    const store = open();
    bringUpToDate(store, [rename]);
    assert.equal(formatOf(store), 2);
    bringUpToDate(store, [rename]);
  });

  it('of tables that name none is 1; every step is taken in order, and once', () => {
    const store = old();
    bringUpToDate(store, [rename]);
    assert.equal(formatOf(store), 2);
    bringUpToDate(store, [rename, double]);
    bringUpToDate(store, [rename, double]);
    assert.equal(formatOf(store), 3);
    assert.deepEqual({ ...store.get('SELECT * FROM things') }, { b: 42 });
  });

  it('stays what it was when a step fails', () => {
    const store = old();
    const fail: Migration = () => {
      throw new Error('no');
    };
    assert.throws(() => bringUpToDate(store, [rename, double, fail]), /no/);
    assert.equal(formatOf(store), 0);
    assert.deepEqual({ ...store.get('SELECT * FROM things') }, { a: 21 });
  });

  it('stays what it was when the process is killed in the middle; the next one begins again', async () => {
    old().close();
    stores.pop();
    const child = fork(new URL('./data-format.child.ts', import.meta.url), [join(folder, 'cloud.db')], {
      execArgv: [],
    });
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
    const store = open();
    assert.deepEqual({ ...store.get('SELECT * FROM things') }, { a: 21 });
    bringUpToDate(store, [rename, double]);
    assert.deepEqual({ ...store.get('SELECT * FROM things') }, { b: 42 });
  });

  it('that is newer is refused, and left alone', () => {
    const store = old();
    store.exec('PRAGMA user_version = 7');
    assert.throws(() => bringUpToDate(store, [rename]), new NewerFormatError(7));
    assert.equal(formatOf(store), 7);
    assert.deepEqual({ ...store.get('SELECT * FROM things') }, { a: 21 });
  });

  it('2 has the columns of secrets, whether a folder of format 1 had them or not', () => {
    const store = open();
    store.exec(`
      CREATE TABLE secrets_secrets (
        name TEXT PRIMARY KEY, created REAL NOT NULL, expires REAL, etag TEXT NOT NULL, next_version INTEGER NOT NULL,
        replication TEXT NOT NULL, labels TEXT NOT NULL, annotations TEXT NOT NULL, aliases TEXT NOT NULL) STRICT;
      CREATE TABLE secrets_versions (secret TEXT NOT NULL, number INTEGER NOT NULL, scheduled REAL);
      INSERT INTO secrets_secrets VALUES ('s', 1, NULL, 'e', 1, '{}', '{}', '{}', '{}');
      INSERT INTO secrets_versions VALUES ('s', 1, 5);`);
    bringUpToDate(store);
    assert.equal(formatOf(store), DATA_FORMAT);
    const { topics, next_rotation, rotation_period, destroy_ttl } = store.get('SELECT * FROM secrets_secrets') ?? {};
    assert.deepEqual([topics, next_rotation, rotation_period, destroy_ttl], ['[]', null, null, null]);
    assert.equal(store.get<{ scheduled: number }>('SELECT scheduled FROM secrets_versions')?.scheduled, 5);
  });

  it('3 has no dead events: those of before are told once more', () => {
    const store = open();
    store.exec(`
      CREATE TABLE eventarc_deliveries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, function TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
        created INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE eventarc_dead_letters (
        seq INTEGER PRIMARY KEY, function TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
        created INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL);
      INSERT INTO eventarc_deliveries (function, headers, body, created, due) VALUES ('waits', '{}', x'01', 1, 1);
      INSERT INTO eventarc_dead_letters VALUES (1, 'failed', '{}', x'02', 1, 9, 'answered 500');`);
    bringUpToDate(store);
    const rows = store.all<{ function: string; attempts: number; created: number }>(
      'SELECT * FROM eventarc_deliveries ORDER BY seq',
    );
    assert.deepEqual(
      rows.map((row) => [row.function, row.attempts]),
      [
        ['waits', 0],
        ['failed', 0],
      ],
    );
    assert.ok((rows[1]?.created ?? 0) > 1);
    assert.equal(store.get("SELECT 1 FROM sqlite_master WHERE name = 'eventarc_dead_letters'"), undefined);
  });
});
