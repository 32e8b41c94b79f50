import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './build.ts';
import { needsCloud, readSteps } from './build-steps.ts';

const stepsOf = (file: string) => readSteps(readFileSync(join(PROJECT, file), 'utf8'));
const push = stepsOf('cloudbuild.yaml');
const ids = push.map(({ id }) => id);

describe('the steps of a build', () => {
  it('build, test, publish, try, promote or roll back, in this order', () => {
    assert.deepEqual(ids, [
      ...['install', 'check', 'test', 'bundles', 'smoke-local', 'prepare', 'stable-revisions', 'publish'],
      ...['canary', 'smoke', 'promote-or-roll-back', 'finish'],
    ]);
  });

  it('are run on this machine when they need no cloud', () => {
    const local = push.filter((step) => needsCloud(step) === undefined).map(({ id }) => id);
    assert.deepEqual(local, ['install', 'check', 'test', 'bundles', 'smoke-local']);
  });

  it('of a pull request need no cloud but Terraform, and are those of a push', () => {
    const steps = stepsOf('scripts/deploy/cloudbuild.pull-request.yaml');
    assert.deepEqual(
      steps.filter((step) => needsCloud(step)).map(({ id }) => id),
      ['terraform'],
    );
    for (const step of steps.filter(({ id }) => !['evaluable', 'terraform'].includes(id)))
      assert.deepEqual(
        step,
        push.find(({ id }) => id === step.id),
      );
  });

  it('call scripts that are there, and npm scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { scripts: object };
    for (const { script } of push) {
      for (const [, file = ''] of script.matchAll(/(scripts\/\S+\.(?:sh|ts))/g)) readFileSync(join(PROJECT, file));
      for (const [, name = ''] of script.matchAll(/npm run (\S+)/g)) assert.ok(Object.hasOwn(scripts, name), name);
    }
  });

  it('are scripts that a shell understands', () => {
    for (const { id, script } of push) assert.equal(spawnSync('sh', ['-n', '-c', script]).status, 0, id);
  });

  it('need an id, an image and a script', () => {
    assert.throws(() => readSteps('steps: [{id: a, name: node:24}]'), /step a needs an id, a name and a script/);
    assert.throws(() => readSteps('{}'), /no steps/);
  });
});
