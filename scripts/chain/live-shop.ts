import assert from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { type Shop, startShop } from '../demo/site/server.ts';
import { type Command, liveClient } from './live-client.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** Forty commands, from the shop's door to an order that is placed. */
const COMMANDS: readonly Step[] = [
  { command: 'navigate.to', url: '/' },
  { command: 'assert.title', value: 'Corner Shop' },
  { command: 'navigate.to', url: '/login' },
  { command: 'interact.write', target: 'Email', text: 'ada@example.com' },
  { command: 'interact.write', target: 'Password', text: 'analytical', secret: true },
  { command: 'interact.check', target: 'Stay logged in' },
  { command: 'interact.click', target: 'Log in button' },
  { command: 'assert.visible', target: 'Ada' },
  { command: 'navigate.to', url: '/products/moka-pot' },
  { command: 'assert.equals', target: '.price', value: '€ 24.90' },
  { command: 'interact.select', target: 'Size', option: '6 cups' },
  { command: 'interact.check', target: 'Black' },
  { command: 'interact.write', target: 'Quantity', text: '2' },
  { command: 'interact.check', target: 'Gift wrap' },
  { command: 'assert.equals', target: '.price', value: '€ 32.90' },
  { command: 'interact.click', target: 'Add to cart' },
  { command: 'assert.contains', target: '.line', value: '6 cups, Black, gift-wrapped' },
  { command: 'data.store-text', target: '#total', variable: 'before' },
  { command: 'interact.click', target: 'Redeem a coupon' },
  { command: 'dialog.prompt', accept: true, text: 'spring10' },
  { command: 'assert.contains', target: '#discount', value: '7.18' },
  { command: 'navigate.to', url: '/products/linen-towel' },
  { command: 'interact.write', target: 'Quantity', text: '4' },
  { command: 'interact.click', target: 'Add to cart' },
  { command: 'assert.count', target: '.line', value: 2 },
  { command: 'interact.click', target: 'Remove Linen tea towel' },
  { command: 'assert.count', target: '.line', value: 1 },
  { command: 'navigate.to', url: '/terms', newTab: true },
  { command: 'assert.title', value: 'Terms and conditions · Corner Shop' },
  { command: 'window.switch-tab', index: 0 },
  { command: 'interact.click', target: 'Check out' },
  { command: 'interact.write', target: 'Full name', text: '{{customer}}' },
  { command: 'interact.write', target: 'Email', text: 'ada@example.com' },
  { command: 'interact.write', target: 'Street and number', text: "12 St James's Square" },
  { command: 'interact.write', target: 'Postcode', text: '10115' },
  { command: 'interact.select', target: 'Country', option: 'Germany' },
  { command: 'interact.check', target: 'Express' },
  { command: 'interact.check', target: 'I accept the terms' },
  { command: 'interact.click', target: 'Place order' },
  { command: 'assert.contains', target: 'css=main', value: 'on its way to Germany' },
];
/** With a product's form half filled; with two tabs open; while the last field is being filled. */
const KILLS = { before: [15, 32], within: 38 };

/** An agent's session in the demo shop, over HTTP only. */
export function liveShop(suite: () => SuiteCloud): void {
  let shop: Shop;
  const { open, send, passes, close } = liveClient(suite, () => shop.origin);

  /** What the shop and the session are like when an agent has gone through. */
  async function buy({ killed }: { killed: boolean }) {
    const { cloud, call } = suite();
    shop = await startShop({ port: 0 });
    try {
      const kill = () => assert.ok(cloud.killInstance('run-session', 'SIGKILL'));
      const id = await open({ variables: { customer: 'Ada Lovelace' } });
      const resumed = new Map<number, Command['resumed']>();
      for (const [i, step] of COMMANDS.entries()) {
        if (killed && KILLS.before.includes(i + 1)) kill();
        const asked = send(id, step);
        if (killed && KILLS.within === i + 1) kill();
        const { status, body } = await asked;
        const command = body as Command;
        assert.deepEqual([status, command.n, command.status], [200, i + 1, 'passed'], JSON.stringify(body));
        if (command.resumed) resumed.set(command.n, command.resumed);
      }
      const page = (await call('GET', `/v1/sessions/${id}/page`)).body as Record<string, unknown>;
      const before = await passes(id, {
        command: 'assert.variable',
        name: 'before',
        value: '71.80',
        operator: 'contains',
      });
      const saved = await call('POST', `/v1/sessions/${id}/save`, { name: 'An order', form: 'compact' });
      const { body } = await call('GET', `/v1/sessions/${id}`);
      await close(id);
      const { commands, done, passed, failed } = body as Record<string, number>;
      return {
        resumed,
        state: {
          session: { commands, done, passed, failed, last: before.n },
          orders: shop.orders,
          posts: [...shop.requests.byRoute].filter(([route]) => route.startsWith('POST')),
          page: JSON.parse(
            JSON.stringify({ title: page.title, snapshot: page.snapshot, tabs: page.tabs }).replaceAll(shop.origin, ''),
          ),
          saved: (saved.body as { text: string }).text.replaceAll(shop.origin, 'https://shop.example'),
        },
      };
    } finally {
      await shop.close();
    }
  }

  it('comes to the same end in forty commands, whether its instance is killed three times or not', async function () {
    this.timeout(240_000);
    const plain = await buy({ killed: false });
    const killed = await buy({ killed: true });
    assert.deepEqual(killed.state, plain.state);
    assert.equal(plain.resumed.size, 0);
    assert.deepEqual(plain.state.posts, [
      ['POST /login', 1],
      ['POST /cart', 2],
      ['POST /cart/coupon', 1],
      ['POST /cart/remove', 1],
      ['POST /checkout', 1],
    ]);
    assert.equal(plain.state.orders.length, 1);
    const [first, second, third, ...others] = [...killed.resumed];
    assert.deepEqual([first?.[0], first?.[1]?.replayed], [15, [11, 12, 13, 14]]);
    assert.deepEqual([second?.[0], second?.[1]?.replayed, second?.[1]?.notes], [32, [], []]);
    assert.ok(third?.[0] === 38 || third?.[0] === 39, `resumed at ${third?.[0]}`);
    assert.deepEqual(third?.[1]?.replayed.slice(0, 6), [32, 33, 34, 35, 36, 37]);
    assert.deepEqual(others, []);

    const { call } = suite();
    const plan = await call('POST', '/v1/tests/plan?name=order.yaml', plain.state.saved);
    const { definition } = plan.body as { definition: { checkpoints: { steps: unknown[] }[] } };
    assert.equal(definition.checkpoints[0]?.steps.length, 41);
  });
}
