import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { handOver } from './own-node.js';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

describe('a Node.js that is too old', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
    await folder.add({ 'script.mjs': 'process.exit(Number(process.argv[2]))' });
  });
  afterEach(() => folder.remove());

  it('hands over to the one of the project, with the arguments, and ends as that one does', () => {
    assert.equal(handOver('script.mjs', ['7'], { version: '22.18.0', ownNode: process.execPath }), 7);
  });

  it('says in a sentence how to get it when it is not there', () => {
    const told: string[] = [];
    const surroundings = { version: '22.18.0', ownNode: fileURLToPath(new URL('gone', import.meta.url)) };
    assert.equal(handOver('script.mjs', ['7'], { ...surroundings, tell: (text) => told.push(text) }), 2);
    assert.deepEqual(told, [
      "virtuoso: Node.js 22.18.0 is too old: run 'npm ci' once, which brings Node.js 24, and try again.\n",
    ]);
  });

  it('is none from 24 on', () => {
    for (const version of ['24.0.0', '25.1.0']) assert.equal(handOver('script.mjs', [], { version }), undefined);
  });
});
