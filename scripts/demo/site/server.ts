import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { html } from '../../../shared/reports/markup.ts';
import { renderPage } from './layout.ts';
import { logIn, loginPage, newsletter, payment, terms } from './pages/account.ts';
import { addToCart, cartPage, redeemCoupon, removeFromCart } from './pages/cart-pages.ts';
import { home, prices, productPage, search } from './pages/catalogue.ts';
import { checkoutPage, type Order, orderPage, placeOrder } from './pages/checkout.ts';
import { picture } from './pictures.ts';
import { formatPrice, products } from './products.ts';
import { type Answer, readVisit, type Visit } from './visit.ts';

export type { Order } from './pages/checkout.ts';

/** A shop that is open. */
export interface Shop {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** What was ordered, oldest first. */
  readonly orders: readonly Order[];
  /** How many requests came in. `byRoute` is keyed `POST /checkout`. */
  readonly requests: { total: number; posts: number; readonly byRoute: Map<string, number> };
  /** Ends every connection. */
  close(): Promise<void>;
}

/** How long the recommendations let the customer wait. */
const recommendationDelayMs = 600;

const assets: Record<string, string> = {
  'base.css': 'text/css; charset=utf-8',
  'shop.css': 'text/css; charset=utf-8',
  'shop.js': 'text/javascript; charset=utf-8',
};

/**
 * Opens a small shop on 127.0.0.1 to try tests on. Carts are kept in cookies, orders in memory.
 * @param options.port 0 takes a free one.
 */
export async function startShop(options: { port: number }): Promise<Shop> {
  const orders: Order[] = [];
  const customers = new Map<string, string>();
  const timers = new Set<NodeJS.Timeout>();
  const requests: Shop['requests'] = { total: 0, posts: 0, byRoute: new Map() };

  const delayed = (ms: number, then: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
    }, ms);
    timers.add(timer);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const visit = await readVisit(request, customers);
    const route = `${visit.method} ${visit.url.pathname}`;
    requests.total++;
    if (visit.method === 'POST') requests.posts++;
    requests.byRoute.set(route, (requests.byRoute.get(route) ?? 0) + 1);
    if (await sendFile(visit, response)) return;
    if (route === 'GET /api/recommendations')
      return delayed(recommendationDelayMs, () => send(response, 200, 'application/json', recommendations()));
    const answer = answerTo(visit, { orders, customers }) ?? notFound;
    sendAnswer(response, answer, visit);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      send(response, error instanceof RangeError ? 413 : 500, 'text/plain', String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders,
    requests,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Books {
  readonly orders: Order[];
  readonly customers: Map<string, string>;
}

type Route = (visit: Visit, books: Books) => Answer | undefined;

const routes: Record<string, Route> = {
  'GET /': home,
  'GET /search': search,
  'GET /prices': prices,
  'GET /terms': terms,
  'GET /newsletter': newsletter,
  'POST /newsletter': newsletter,
  'GET /payment': payment,
  'GET /cart': (visit) => cartPage(visit),
  'POST /cart': addToCart,
  'POST /cart/remove': removeFromCart,
  'POST /cart/coupon': redeemCoupon,
  'POST /cart/empty': () => ({ redirect: '/cart', cookies: { cart: undefined, coupon: undefined } }),
  'GET /checkout': (visit) => checkoutPage(visit),
  'POST /checkout': (visit, { orders }) => {
    const { order, answer } = placeOrder(visit, () => String(1001 + orders.length));
    if (order) orders.push(order);
    return answer;
  },
  'GET /login': () => loginPage(),
  'POST /login': (visit, { customers }) =>
    logIn(visit, (name) => {
      const session = randomBytes(16).toString('hex');
      customers.set(session, name);
      return session;
    }),
  'POST /logout': (visit, { customers }) => {
    customers.delete(visit.cookies.session ?? '');
    return { redirect: '/', cookies: { session: undefined } };
  },
};

function answerTo(visit: Visit, books: Books): Answer | undefined {
  const path = visit.url.pathname;
  const route = `${visit.method} ${path}`;
  if (Object.hasOwn(routes, route)) return routes[route]?.(visit, books);
  if (visit.method !== 'GET') return undefined;
  const [, kind, name = ''] = /^\/(products|orders)\/([^/]+)$/.exec(path) ?? [];
  if (kind === 'products') return productPage(name);
  const order = kind === 'orders' ? books.orders.find(({ id }) => id === name) : undefined;
  return order && orderPage(order);
}

const notFound: Answer = {
  status: 404,
  title: 'Not found',
  body: html`<h1>Not on our shelves</h1><p>There is no page at this address.</p><a class="button" href="/">Continue shopping</a>`,
};

function recommendations(): string {
  const shown = products.filter((_, index) => index % 3 === 1);
  return JSON.stringify(
    shown.map(({ slug, name, sizes }) => ({ slug, name, price: formatPrice(sizes[0]?.price ?? 0) })),
  );
}

async function sendFile({ method, url }: Visit, response: ServerResponse): Promise<boolean> {
  if (method !== 'GET') return false;
  const [, folder, name = ''] = /^\/(assets|images)\/([a-z.-]+)$/.exec(url.pathname) ?? [];
  const type = folder === 'assets' && Object.hasOwn(assets, name) ? assets[name] : undefined;
  const drawn = folder === 'images' ? picture(name.replace(/\.svg$/, '')) : undefined;
  if (type) send(response, 200, type, await readFile(join(import.meta.dirname, 'assets', name)));
  else if (drawn) send(response, 200, 'image/svg+xml', drawn);
  return Boolean(type ?? drawn);
}

function sendAnswer(response: ServerResponse, answer: Answer, visit: Visit): void {
  for (const [name, value] of Object.entries(answer.cookies ?? {}))
    response.appendHeader(
      'set-cookie',
      `${name}=${encodeURIComponent(value ?? '')}; Path=/; SameSite=Lax${value ? '' : '; Max-Age=0'}`,
    );
  if (answer.redirect) response.writeHead(303, { location: answer.redirect }).end();
  else send(response, answer.status ?? 200, 'text/html; charset=utf-8', renderPage(answer, visit));
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
