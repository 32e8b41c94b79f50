import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { EXTERNAL } from './build/packages.ts';
import { PROJECT } from './build.ts';

/** Instructions of the Dockerfile in their order, each with its arguments on one line. */
const text = readFileSync(new URL('Dockerfile', import.meta.url), 'utf8');
const instructions = text
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean)
  .map((line) => /^([A-Z]+) (.*)$/.exec(line)?.slice(1) ?? assert.fail(`'${line}' is no instruction`));
const of = (name: string): string[] => instructions.filter(([each]) => each === name).map(([, given = '']) => given);

describe('the image of a function', () => {
  it('has the Node.js that the functions are tested with', () => {
    assert.deepEqual(of('FROM'), [`node:${packageJson.devDependencies.node}-bookworm-slim`]);
  });

  it('is made of what is there: the bundle, then what it depends on, in the order that caches that', () => {
    const order = instructions.map(([name]) => name);
    assert.deepEqual(order, ['FROM', 'ARG', 'WORKDIR', 'COPY', 'RUN', 'COPY', 'USER', 'ENV', 'CMD']);
    assert.deepEqual(of('COPY'), ['package.json ./', '. ./']);
  });

  it('installs by a script that a shell understands, and the libraries that a browser is known to need', () => {
    const [script = ''] = of('RUN');
    assert.equal(spawnSync('sh', ['-n', '-c', script]).status, 0);
    const build = readFileSync(join(PROJECT, 'cloudbuild.yaml'), 'utf8');
    const [, tested = assert.fail('the tests install nothing')] = /apt-get install -y -qq (.*)/.exec(build) ?? [];
    const [, installed = assert.fail('the image installs nothing')] =
      /--no-install-recommends (.*?)\s*&&/.exec(script) ?? [];
    assert.equal(installed, tested);
  });

  it('starts the framework, for the function that it is of, as somebody who is not root', () => {
    const [command = ''] = of('CMD');
    const [node, framework = ''] = JSON.parse(command) as string[];
    assert.equal(node, 'node');
    assert.ok(existsSync(join(PROJECT, framework)), framework);
    assert.ok(EXTERNAL.some((name) => framework.startsWith(`node_modules/${name}/`)));
    assert.deepEqual([of('USER'), of('ARG')], [['node'], ['FUNCTION']]);
    assert.ok(of('ENV')[0]?.split(' ').includes('FUNCTION_TARGET=$FUNCTION'));
  });
});
