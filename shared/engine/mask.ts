/** What stands in records where a secret was. */
export const veil = '••••••';

/** Hides secrets in everything that leaves a session. */
export interface Mask {
  add(secret: string): void;
  text(given: string): string;
  /** A copy with every text in it masked, keys too; numbers that contain a secret become text. */
  value<T>(given: T): T;
  /** Every form in which a secret is looked for, the longest first. */
  secrets(): readonly string[];
  /** The secrets that were added on the way. */
  learned(): readonly string[];
}

/** Also hides the forms in which secrets travel: in addresses, JSON, HTML and Base64. */
export function maskFor(initial: readonly string[]): Mask {
  const forms = new Set<string>();
  let ordered: string[] = [];
  const learned = new Set<string>();
  const hide = (secret: string): void => {
    if (secret === '') return;
    for (const form of formsOf(secret)) forms.add(form);
    ordered = [...forms].sort((a, b) => b.length - a.length);
  };
  for (const secret of initial) hide(secret);
  const text = (given: string): string => {
    const masked = ordered.reduce((shown, secret) => shown.replaceAll(secret, veil), given);
    return masked.includes('…') ? masked.replace(/[^…]+(?=…)/g, (before) => hideBeginning(before, ordered)) : masked;
  };
  const value = (given: unknown): unknown => {
    if (ordered.length === 0) return given;
    if (typeof given === 'string') return text(given);
    if (typeof given === 'number') return text(String(given)) === String(given) ? given : text(String(given));
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, entry]) => [text(key), value(entry)]));
  };
  return {
    add: (secret) => {
      learned.add(secret);
      hide(secret);
    },
    text,
    value: value as Mask['value'],
    secrets: () => ordered,
    learned: () => [...learned],
  };
}

/** What is shorter than this tells too little, and may begin anything. */
const SHORTEST_BEGINNING = 4;

/** Hides the beginning of a secret at the end of a text that was cut off. */
function hideBeginning(cut: string, secrets: readonly string[]): string {
  const lengths = secrets.map((secret) => {
    let length = Math.min(secret.length, cut.length);
    while (length >= SHORTEST_BEGINNING && !cut.endsWith(secret.slice(0, length))) length--;
    return length;
  });
  const longest = Math.max(0, ...lengths);
  return longest < SHORTEST_BEGINNING ? cut : `${cut.slice(0, -longest)}${veil}`;
}

function formsOf(secret: string): string[] {
  const encoded = safely(() => encodeURIComponent(secret)) ?? secret;
  // A query is encoded once more by the browser, which encodes this sign there.
  const inQuery = encoded.replaceAll("'", '%27');
  const spaced = [encoded, inQuery].map((form) => form.replaceAll('%20', '+'));
  const inAddress = [encoded, inQuery, ...spaced, encodedAsForm(secret), ...encodedInAddress(secret)];
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    ...inAddress,
    ...inAddress.map((form) => form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())),
    inJson,
    inJson.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...encodedAsHtml(secret),
    ...encodedAsBase64(secret),
  ];
}

/** As browsers write it into an address that somebody put it in as it is: each part of one keeps other characters. */
function encodedInAddress(secret: string): string[] {
  const address = new URL('http://h/');
  address.username = secret;
  address.pathname = `/${secret}`;
  address.search = `?${secret}`;
  address.hash = `#${secret}`;
  const { username, pathname, search, hash } = address;
  return [username, pathname.slice(1), search.slice(1), hash.slice(1)].filter((form) => {
    // What reads otherwise is no form of it: a path of dots is made shorter.
    return form !== '' && safely(() => decodeURIComponent(form)) === secret;
  });
}

/** As serializers write it into text, and into an attribute. */
function encodedAsHtml(secret: string): string[] {
  const text = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [text, text.replaceAll('"', '&quot;'), text.replaceAll('"', '&quot;').replaceAll("'", '&#39;')];
}

/** A part of a Base64 text that is shorter than this could be anything. */
const SHORTEST_BASE64 = 6;

/**
 * The characters that stand for it alone, wherever it lies in what was encoded (`user:secret` of HTTP's Basic
 * authentication): three bytes make four characters, so that there are three ways.
 */
function encodedAsBase64(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const own = text.slice(Math.ceil((before * 8) / 6), whole);
    return own.length < SHORTEST_BASE64 ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const encodedAsForm = (secret: string): string => new URLSearchParams({ s: secret }).toString().slice(2);

/** A lone surrogate cannot be encoded. */
function safely(encode: () => string): string | undefined {
  try {
    return encode();
  } catch {
    return undefined;
  }
}
