import type { IncomingMessage } from 'node:http';
import type { Markup } from '../../../shared/reports/markup.ts';
import { type CartLine, readCart } from './cart.ts';

/** One request, as the pages see it. */
export interface Visit {
  readonly method: string;
  readonly url: URL;
  /** Fields of the form that was sent; empty for GET. */
  readonly form: URLSearchParams;
  readonly cookies: Readonly<Record<string, string>>;
  readonly cart: CartLine[];
  readonly coupon: string | undefined;
  /** Name of the customer who is logged in. */
  readonly customer: string | undefined;
}

/** What a page answers. A cookie of undefined is deleted. */
export interface Answer {
  readonly status?: number;
  readonly title?: string;
  readonly body?: Markup;
  /** Leaves the shop's frame away: for what stands in an iframe. */
  readonly bare?: boolean;
  readonly redirect?: string;
  readonly cookies?: Record<string, string | undefined>;
}

const longestForm = 64 * 1024;

/** Reads a request. @throws RangeError when its form is too long. */
export async function readVisit(request: IncomingMessage, customers: ReadonlyMap<string, string>): Promise<Visit> {
  const cookies = readCookies(request.headers.cookie ?? '');
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk as string;
    if (body.length > longestForm) throw new RangeError(`The form is longer than ${longestForm} characters.`);
  }
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://shop'),
    form: new URLSearchParams(body),
    cookies,
    cart: readCart(cookies.cart),
    coupon: cookies.coupon,
    customer: customers.get(cookies.session ?? ''),
  };
}

function readCookies(header: string): Record<string, string> {
  const pairs = header.split(/;\s*/).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), decode(pair.slice(at + 1))];
  });
  return Object.fromEntries(pairs);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
