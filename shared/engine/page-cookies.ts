import type { BrowserContext } from 'playwright-core';
import type { Cookies } from '../platform/follow-redirects.ts';

type NewCookie = Parameters<BrowserContext['addCookies']>[0][number];

/** The cookies of a session's pages, for requests beside them: sent as the browser would, and kept as it would. */
export function pageCookies(browser: BrowserContext, now: () => number): Cookies {
  return {
    async header(url) {
      const found = await browser.cookies(url);
      return found.length > 0 ? found.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined;
    },
    async keep(url, headers) {
      for (const header of headers) {
        const cookie = readSetCookie(header, new URL(url), now());
        // What the browser itself would not keep (a foreign domain, say) is not kept here either.
        if (cookie) await browser.addCookies([cookie]).catch(() => undefined);
      }
    },
  };
}

/** Reads a `Set-Cookie` header (RFC 6265, 5.2 and 5.3); undefined when it sets nothing that may be kept. */
export function readSetCookie(header: string, url: URL, now: number): NewCookie | undefined {
  const [pair = '', ...parts] = header.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  if (at < 1) return undefined;
  const attributes = new Map(parts.map((part): [string, string] => attributeOf(part)));
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  if (domain && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) return undefined;
  const path = attributes.get('path');
  const sameSite = sameSites[attributes.get('samesite')?.toLowerCase() ?? ''];
  const expires = expiryOf(attributes, now);
  return {
    name: pair.slice(0, at).trim(),
    value: pair.slice(at + 1).trim(),
    domain: domain ? `.${domain}` : url.hostname,
    path: path?.startsWith('/') ? path : defaultPath(url),
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    ...(sameSite ? { sameSite } : {}),
    ...(expires === undefined ? {} : { expires }),
  };
}

const sameSites: Readonly<Record<string, 'Strict' | 'Lax' | 'None'>> = { strict: 'Strict', lax: 'Lax', none: 'None' };

function attributeOf(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part.toLowerCase(), ''] : [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
}

/** Seconds since the epoch; the past deletes. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const maxAge = attributes.get('max-age');
  if (maxAge && /^-?\d+$/.test(maxAge)) return Math.max(1, Math.floor(now / 1000) + Number(maxAge));
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? undefined : Math.max(1, Math.floor(expires / 1000));
}

/** The folder of the address (RFC 6265, 5.1.4). */
const defaultPath = ({ pathname }: URL): string => pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')));
