import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { cloudEvent, eventData } from '../../schemas/events.ts';
import { commandContracts } from '../../shared/commands/contracts.ts';
import { ContractCompiler } from './build/contracts.ts';
import { refuseBuildTools } from './build/guard.ts';
import { buildFunctions, PROJECT } from './build.ts';

/** Below the project, so that what stays outside of the bundles is found; ignored by git. */
const BUILD = join(PROJECT, '.build');

describe('the build of the functions', () => {
  let outDir: string;
  const name = 'fan-out-webhooks';
  const outputs = async () => {
    const files = (await readdir(join(outDir, name))).filter((file) => file.endsWith('.mjs'));
    return (await Promise.all(files.map((file) => readFile(join(outDir, name, file), 'utf8')))).join('\n');
  };

  before(async function () {
    this.timeout(120_000);
    await mkdir(BUILD, { recursive: true });
    outDir = await mkdtemp(join(BUILD, 'test-'));
    await buildFunctions({ functions: [name], outDir });
  });
  after(() => rm(outDir, { recursive: true, force: true }));

  it('makes a folder a function, with the exact versions of what it needs from outside', async () => {
    const manifest = JSON.parse(await readFile(join(outDir, name, 'package.json'), 'utf8'));
    assert.equal(manifest.main, 'index.mjs');
    assert.deepEqual(Object.keys(manifest.dependencies), ['@google-cloud/functions-framework']);
    assert.match(manifest.dependencies['@google-cloud/functions-framework'], /^\d+\.\d+\.\d+$/);
  });

  it('has validators instead of what compiles them', async () => {
    const code = await outputs();
    assert.doesNotMatch(code, /class Ajv/);
    assert.match(code, /node_modules\/ajv\/dist\/runtime\/ucs2length/);
  });

  it('has clients beside the bundle, whole and loadable from anywhere', async () => {
    const elsewhere = await mkdtemp(join(BUILD, 'test-'));
    try {
      await cp(join(outDir, name, 'clients'), elsewhere, { recursive: true });
      const load = (file: string) => import(pathToFileURL(join(elsewhere, file)).href);
      const { Firestore, FieldValue } = await load('google-cloud-firestore.mjs');
      assert.equal(typeof Firestore, 'function');
      assert.equal(typeof FieldValue.serverTimestamp, 'function');
      const { CloudTasksClient } = await load('google-cloud-tasks.mjs');
      const client = new CloudTasksClient({ projectId: 'p', fallback: true });
      assert.equal(client.queuePath('p', 'l', 'q'), 'projects/p/locations/l/queues/q');
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('leaves alone what has not changed', async () => {
    const before = await stat(join(outDir, name, 'index.mjs'));
    const { folders, rebuilt } = await buildFunctions({ functions: [name], outDir });
    assert.deepEqual(rebuilt, []);
    assert.equal(folders.get(name), join(outDir, name));
    assert.equal((await stat(join(outDir, name, 'index.mjs'))).ino, before.ino);
  });

  it('refuses functions that are not there', async () => {
    await assert.rejects(buildFunctions({ functions: ['nobody'], outDir }), /nobody/);
  });
});

describe('contracts in bundles', () => {
  const load = async (path: string, exported: string) => {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${exported} as it } from '${path}'`, resolveDir: PROJECT },
      plugins: [new ContractCompiler(PROJECT).plugin(new Set())],
      ...{ bundle: true, write: false, format: 'esm', platform: 'node', logLevel: 'silent' },
    });
    const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
    return { ...(await import(`data:text/javascript;base64,${code}`)), size: code.length };
  };

  it('accept, refuse and explain as they do at run time', async () => {
    const { it: compiled } = await load('./schemas/events.ts', 'cloudEvent');
    for (const value of [{}, 7, { specversion: '1.0', id: 'x', sourc: 'y' }]) {
      assert.equal(compiled.accepts(value), cloudEvent.accepts(value));
      assert.deepEqual(compiled.problems(value), cloudEvent.problems(value));
    }
    assert.equal(compiled.name, cloudEvent.name);
    assert.deepEqual(compiled.schema, JSON.parse(JSON.stringify(cloudEvent.schema)));
  });

  it('may stand in records', async () => {
    const { it: compiled } = await load('./schemas/events.ts', 'eventData');
    assert.deepEqual(Object.keys(compiled), Object.keys(eventData));
    assert.deepEqual(compiled['run.completed'].problems({}), eventData['run.completed'].problems({}));
  });

  it('explain likewise where they share what they have in common', async () => {
    const { it: compiled } = await load('./shared/commands/contracts.ts', 'commandContracts');
    assert.deepEqual(Object.keys(compiled), Object.keys(commandContracts));
    for (const [command, contract] of Object.entries(commandContracts)) {
      for (const value of [{ command }, { command, timeout: {}, target: 7, unknown: 1 }, { command: 'x', text: 1 }]) {
        assert.deepEqual(compiled[command].problems(value), contract.problems(value));
      }
    }
  });

  it('are left out where they are not used', async () => {
    const one = await load('./schemas/requests.ts', 'sessionTask');
    const other = await load('./schemas/requests.ts', 'runRequest');
    assert.ok(one.size < other.size);
  });
});

describe('a bundle that carries a build tool', () => {
  const imports = (path: string) => [{ path, kind: 'import-statement' as const }];

  it('is refused, with the import that brings it in', () => {
    const inputs = {
      'functions/x/index.ts': { bytes: 1, imports: imports('shared/y.ts') },
      'shared/y.ts': { bytes: 1, imports: imports('node_modules/ajv/dist/ajv.js') },
      'node_modules/ajv/dist/ajv.js': { bytes: 1, imports: [] },
    };
    assert.throws(
      () => refuseBuildTools('x', { inputs, outputs: {} }),
      /x would carry ajv, by functions\/x\/index.ts -> shared\/y.ts -> node_modules\/ajv/,
    );
  });

  it('may have the small part of ajv that validators call', () => {
    const inputs = { 'node_modules/ajv/dist/runtime/equal.js': { bytes: 1, imports: [] } };
    refuseBuildTools('x', { inputs, outputs: {} });
  });
});
