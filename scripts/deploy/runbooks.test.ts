import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deadLetterSubscription } from '../../shared/resources/topics.ts';
import { main } from '../cli/main.ts';
import { readTerraform } from './check/read-terraform.ts';

const folder = fileURLToPath(new URL('./terraform/runbooks/', import.meta.url));
const files = readdirSync(folder);

async function alertsOf(): Promise<Record<string, { readonly query: string }>> {
  const { blocks } = await readTerraform();
  const locals = blocks.filter(({ kind }) => kind === 'locals').map(({ body }) => body as Record<string, unknown>);
  return locals.find(({ alerts }) => alerts)?.alerts as Record<string, { readonly query: string }>;
}

describe('runbooks', () => {
  it('are there for every alert, and for nothing else', async () => {
    const alerts = Object.keys(await alertsOf());
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

  it('tell of dead letters that are kept too long, which no subscription is behind with', async () => {
    const { 'dead-letters-kept': kept, 'subscriptions-behind': behind } = await alertsOf();
    const { name } = deadLetterSubscription;
    assert.ok(kept?.query.includes(`oldest_unacked_message_age{subscription_id="${name}"}`), kept?.query);
    assert.ok(behind?.query.includes(`oldest_unacked_message_age{subscription_id!="${name}"}`), behind?.query);
  });
});
