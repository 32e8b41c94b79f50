import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from '../cli/main.ts';
import { readTerraform } from './check/read-terraform.ts';

const folder = fileURLToPath(new URL('./terraform/runbooks/', import.meta.url));
const files = readdirSync(folder);

describe('runbooks', () => {
  it('are there for every alert, and for nothing else', async () => {
    const { blocks } = await readTerraform();
    const locals = blocks.filter(({ kind }) => kind === 'locals').map(({ body }) => body as Record<string, unknown>);
    const alerts = Object.keys(locals.find(({ alerts: found }) => found)?.alerts as object);
    assert.ok(alerts.length > 10);
    const others = ['burn-rate', 'recovery'];
    assert.deepEqual(files.map((name) => name.replace(/\.md$/, '')).sort(), [...alerts, ...others].sort());
  });

  it('name commands that there are', async () => {
    const commands = new Set(
      files.flatMap((name) =>
        [...readFileSync(`${folder}${name}`, 'utf8').matchAll(/`virtuoso ([a-z-]+)/g)].map(
          ([, command = '']) => command,
        ),
      ),
    );
    assert.ok(commands.size > 4);
    for (const command of commands) assert.equal(await main([command, '--help']), 0, command);
  });
});
