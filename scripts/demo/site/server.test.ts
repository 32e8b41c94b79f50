import assert from 'node:assert/strict';
import { type Shop, startShop } from './server.ts';

/** A customer with cookies, who follows redirects when told to. */
function customerOf(origin: string) {
  const jar = new Map<string, string>();
  const ask = async (path: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(origin + path, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const read = async (path: string, form?: Record<string, string>): Promise<string> => {
    const response = await ask(path, form);
    const location = response.headers.get('location');
    await (location ? response.body?.cancel() : undefined);
    return location ? read(location) : response.text();
  };
  return { ask, read, jar };
}

const address = { name: 'Ada', email: 'ada@example.com', address: '1 Street', postcode: '10115', country: 'Germany' };

describe('the demo shop', () => {
  let shop: Shop;
  let customer: ReturnType<typeof customerOf>;
  before(async () => {
    shop = await startShop({ port: 0 });
  });
  beforeEach(() => {
    customer = customerOf(shop.origin);
  });
  after(() => shop.close());

  it('shows its products, and recommendations a little later', async () => {
    const page = await customer.read('/');
    assert.match(page, /<title>Corner Shop<\/title>/);
    assert.equal(page.split('class="card"').length - 1, 8);
    const started = performance.now();
    assert.match(await customer.read('/api/recommendations'), /"slug":"pour-over-kettle"/);
    assert.ok(performance.now() - started > 500);
  });

  it('searches by words, category and price', async () => {
    assert.match(await customer.read('/search?q=coffee'), /4 products/);
    assert.match(await customer.read('/search?category=Tea'), /2 products/);
    assert.match(await customer.read('/search?q=coffee&max=25'), /1 product</);
    assert.match(await customer.read('/search?q=%3Cb%3Enothing'), /Results for “&lt;b&gt;nothing”[\s\S]*Nothing fits/);
  });

  it('keeps the cart in a cookie, adds to lines that are the same, and removes lines', async () => {
    const pot = { product: 'moka-pot', size: '6 cups', colour: 'Red', quantity: '2' };
    await customer.read('/cart', pot);
    await customer.read('/cart', pot);
    const page = await customer.read('/cart', { product: 'honey-jar', quantity: '1', wrap: 'yes' });
    assert.match(page, /6 cups, Red<\/small><\/th><td class="number quantity">4</);
    assert.match(page, /Amber, gift-wrapped/);
    assert.match(page, /id="total"[^>]*>€ 142\.40</);
    assert.match(page, /id="cart-count">5</);
    assert.doesNotMatch(await customer.read('/cart/remove', { line: '0' }), /Moka pot/);
    assert.match(await customer.read('/cart/empty', {}), /Your cart is empty/);
  });

  it('refuses quantities that make no sense, and a cookie that was tampered with', async () => {
    const response = await customer.ask('/cart', { product: 'moka-pot', quantity: '0' });
    assert.equal(response.status, 422);
    assert.match(await response.text(), /from 1 to 20/);
    customer.jar.set('cart', 'moka-pot~x~y~-5~plain|nothing~a~b~1');
    assert.match(await customer.read('/cart'), /Your cart is empty/);
  });

  it('checks coupons', async () => {
    await customer.read('/cart', { product: 'moka-pot', size: '3 cups' });
    assert.match(await customer.read('/cart/coupon', { code: 'winter' }), /The coupon “WINTER” is not valid/);
    assert.match(await customer.read('/cart/coupon', { code: 'spring10' }), /id="total"[^>]*>€ 22\.41</);
  });

  it('logs in with the right password only, and out again', async () => {
    const wrong = await customer.ask('/login', { email: 'ada@example.com', password: 'x' });
    assert.equal(wrong.status, 401);
    assert.match(await wrong.text(), /role="alert">Email or password is wrong/);
    assert.match(await customer.read('/login', { email: 'ada@example.com', password: 'analytical' }), /Hello, Ada/);
    assert.doesNotMatch(await customer.read('/logout', {}), /Hello, Ada/);
  });

  it('says what is missing at the checkout, then takes the order once', async () => {
    await customer.read('/cart', { product: 'teapot', size: '1.2 l', quantity: '1' });
    const incomplete = await customer.ask('/checkout', { ...address, postcode: 'x', payment: 'Card' });
    assert.equal(incomplete.status, 422);
    const text = await incomplete.text();
    for (const part of [
      '3 things are missing',
      'four or five digits',
      'Accept the terms',
      'Enter your card',
      'value="Ada"',
    ])
      assert.ok(text.includes(part), part);
    const before = shop.orders.length;
    const page = await customer.read('/checkout', { ...address, delivery: 'Express', terms: 'yes' });
    assert.match(page, /Thank you, Ada!/);
    assert.equal(shop.orders.length, before + 1);
    const order = shop.orders.at(-1);
    assert.deepEqual(order?.totals, { goods: 4200, discount: 0, delivery: 990, total: 5190 });
    assert.match(page, new RegExp(`id="order-id">${order?.id}<`));
    assert.equal((await customer.ask('/checkout')).headers.get('location'), '/cart');
  });

  it('subscribes to the newsletter in a frame of its own', async () => {
    assert.doesNotMatch(await customer.read('/newsletter'), /<header/);
    assert.match(await customer.read('/newsletter', { address: 'no' }), /That is no email address/);
    assert.match(await customer.read('/newsletter', { address: 'a@b.test' }), /goes to a@b\.test/);
  });

  it('serves its assets and nothing else from disk', async () => {
    for (const path of [
      '/assets/base.css',
      '/assets/shop.css',
      '/assets/shop.js',
      '/images/moka-pot.svg',
      '/images/favicon.svg',
    ]) {
      const response = await customer.ask(path);
      assert.equal(response.status, 200, path);
      await response.body?.cancel();
    }
    for (const path of [
      '/assets/server.ts',
      '/assets/..%2fserver.ts',
      '/images/constructor.svg',
      '/orders/9',
      '/nowhere',
    ]) {
      const response = await customer.ask(path);
      assert.equal(response.status, 404, path);
      await response.body?.cancel();
    }
  });

  it('counts requests and posts', async () => {
    const { total, posts } = shop.requests;
    const carts = shop.requests.byRoute.get('POST /cart') ?? 0;
    await customer.ask('/cart', { product: 'teapot' });
    await customer.ask('/prices');
    assert.deepEqual([shop.requests.total, shop.requests.posts], [total + 2, posts + 1]);
    assert.equal(shop.requests.byRoute.get('POST /cart'), carts + 1);
  });

  it('refuses a form that is too long', async () => {
    assert.equal((await customer.ask('/login', { email: 'x'.repeat(70_000) })).status, 413);
  });

  it('closes at once, whatever is still open', async () => {
    const other = await startShop({ port: 0 });
    const waiting = fetch(`${other.origin}/api/recommendations`).catch(() => 'cut off');
    await fetch(other.origin);
    await other.close();
    assert.equal(await waiting, 'cut off');
  });
});
