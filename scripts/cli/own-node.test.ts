import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

  it('hands over to the one of the project, with the arguments, and ends as that one does', async () => {
    assert.equal(await handOver('script.mjs', ['7'], { version: '22.18.0', ownNode: process.execPath }), 7);
  });

  it('passes on the signals that it gets, and waits until that one has ended', async () => {
    const module = JSON.stringify(new URL('own-node.js', import.meta.url));
    await folder.add({
      'parent.mjs': `import { handOver } from ${module};
        const options = { version: '22.18.0', ownNode: process.execPath };
        process.exit(await handOver('child.mjs', ['--env-file', 'gone'], options));`,
      'child.mjs': `setInterval(() => {}, 1000);
        process.once('SIGTERM', () => { console.log('told'); process.exit(7); });
        console.log(...process.argv.slice(2));`,
    });
    const parent = spawn(process.execPath, ['parent.mjs'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const text of parent.stdout.setEncoding('utf8')) {
      if (said === '') parent.kill('SIGTERM');
      said += text;
    }
    assert.equal(said, '--env-file gone\ntold\n');
    if (parent.exitCode === null) await once(parent, 'exit');
    assert.equal(parent.exitCode, 7);
  });

  it('says in a sentence how to get it when it is not there', async () => {
    const told: string[] = [];
    const surroundings = { version: '22.18.0', ownNode: fileURLToPath(new URL('gone', import.meta.url)) };
    assert.equal(await handOver('script.mjs', ['7'], { ...surroundings, tell: (text) => told.push(text) }), 2);
    assert.deepEqual(told, [
      "virtuoso: Node.js 22.18.0 is too old: run 'npm ci' once, which brings Node.js 24, and try again.\n",
    ]);
  });

  it('is none from 24 on', async () => {
    for (const version of ['24.0.0', '25.1.0']) assert.equal(await handOver('script.mjs', [], { version }), undefined);
  });
});
