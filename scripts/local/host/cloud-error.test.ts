import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { CloudError, explainFolderError, explainPortError } from './cloud-error.ts';

const failure = (fields: object) => Object.assign(new Error('low-level words'), fields);

describe('errors of the local cloud', () => {
  it('say that the disk is full', () => {
    for (const fields of [{ code: 'ENOSPC' }, { code: 'ERR_SQLITE_ERROR', errcode: 13 }]) {
      const error = explainFolderError(failure(fields), '/data');
      assert.ok(error instanceof CloudError);
      assert.match(error.message, /disk of the data folder \/data is full: free some space/);
    }
  });

  it('say that the folder cannot be written', () => {
    for (const fields of [
      { code: 'EACCES' },
      { code: 'EROFS' },
      { code: 'ERR_SQLITE_ERROR', errcode: 8 },
      { errcode: 1544 },
    ]) {
      assert.match(String(explainFolderError(failure(fields), '/data')), /\/data cannot be written: change its owner/);
    }
  });

  it('tell a folder that may not be written from one that is a file', () => {
    const fields = { code: 'ERR_SQLITE_ERROR', errcode: 14 };
    assert.match(String(explainFolderError(failure(fields), tmpdir())), /cannot be written: change its owner/);
    assert.match(
      String(explainFolderError(failure(fields), import.meta.filename)),
      /is it, or a part of its path, a file\?/,
    );
    const below = `${import.meta.filename}/data`;
    assert.match(String(explainFolderError(failure(fields), below)), /is it, or a part of its path, a file\?/);
  });

  it('say that the folder is damaged', () => {
    for (const errcode of [11, 26, 11 | (1 << 8)])
      assert.match(String(explainFolderError(failure({ errcode }), '/data')), /\/data is damaged: restore a backup/);
  });

  it('say that a port needs more rights', () => {
    assert.match(String(explainPortError(failure({ code: 'EACCES' }), 80)), /Port 80 may not be opened by this user/);
  });

  it('leave other errors as they are', () => {
    const error = failure({ code: 'EOTHER' });
    assert.equal(explainFolderError(error, '/data'), error);
    assert.equal(explainPortError(error, 80), error);
  });
});
