import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATA_FORMAT } from '../plumbing/data-format.ts';
import { CloudError } from './cloud-error.ts';
import { openDataFolder } from './data-folder.ts';

describe('the format of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'virtuoso-folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const inDatabase = <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(join(folder, 'cloud.db'));
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  const format = () => inDatabase((db) => db.prepare('PRAGMA user_version').get()?.user_version);

  it('is written when it is made', () => {
    openDataFolder(folder).close();
    assert.equal(format(), DATA_FORMAT);
    openDataFolder(folder).close();
  });

  it('is brought up to date when it names none', () => {
    inDatabase((db) => db.exec('CREATE TABLE secrets_versions (secret TEXT)'));
    openDataFolder(folder).close();
    assert.equal(format(), DATA_FORMAT);
    assert.ok(inDatabase((db) => db.prepare('SELECT scheduled FROM secrets_versions').all()));
  });

  it('is refused in a sentence when it is newer, and the folder is let go', () => {
    inDatabase((db) => db.exec('PRAGMA user_version = 1000'));
    const sentence = `The data folder ${folder} has format 1000, and this version of Virtuoso knows up to ${DATA_FORMAT}: update Virtuoso, or choose another folder with --data.`;
    assert.throws(() => openDataFolder(folder), new CloudError(sentence));
    inDatabase((db) => db.exec(`PRAGMA user_version = ${DATA_FORMAT}`));
    openDataFolder(folder).close();
  });
});
