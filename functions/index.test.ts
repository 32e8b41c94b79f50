import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { usesOf } from '../shared/define/uses.ts';
import { warmUps } from '../shared/resources/queues.ts';
import { functions } from './index.ts';
import { warmed } from './run-schedules/warm.ts';

describe('the registry', () => {
  it('has every folder, under its name', () => {
    const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    assert.deepEqual(functions.map(({ name }) => name).sort(), folders.map(({ name }) => name).sort());
  });

  it('says of each in a sentence what it does', () => {
    for (const { name, summary } of functions) assert.match(summary, /^[A-Z][^()]*\.$/, name);
  });

  it('has no two routes of the same method and path', () => {
    const routes = functions.flatMap(({ trigger }) => (trigger.kind === 'http' ? trigger.routes : []));
    const keys = routes.map(({ method, path }: { method: string; path: string }) => `${method} ${path}`);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('has warm-ups sent to functions that take them, as many as they have instances', () => {
    const names = warmed.map(({ to }) => to);
    assert.deepEqual(names, ['plan-run', 'run-session']);
    const [planRun, runSession] = names.map((name) => functions.find((one) => one.name === name));
    assert.equal(planRun?.trigger.kind, 'document');
    assert.equal(runSession?.trigger.payload.name, 'browser-task');
    assert.equal(runSession?.maxInstances, warmUps.maxConcurrentDispatches);
    assert.equal(runSession?.concurrency, 1);
  });

  it('knows what each function touches, also by its trigger', () => {
    const usesOfFunction = (name: string) => {
      const declaration = functions.find((one) => one.name === name);
      assert.ok(declaration);
      return usesOf(declaration).map(({ access, resource }) => `${access} ${resource.name}`);
    };
    assert.deepEqual(
      usesOfFunction('build-report').filter((use) => use.endsWith('dead-letters')),
      ['write dead-letters'],
    );
    assert.ok(usesOfFunction('tests').includes('read virtuoso-api-key'));
    assert.ok(usesOfFunction('tests').includes('write system-events'));
    assert.ok(!usesOfFunction('on-session').includes('read virtuoso-api-key'));
    assert.ok(usesOfFunction('run-session').includes('read encryption-key'));
  });
});
