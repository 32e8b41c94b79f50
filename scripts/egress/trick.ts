/** A document that tries to reach an address. */
export interface Trick {
  readonly name: string;
  /** The document's body. */
  html(url: string): string;
  /** Headers that the document comes with. */
  readonly headers?: (url: string) => Readonly<Record<string, string>>;
  /** How the target is written; `http://HOST:PORT/` where absent. */
  readonly written?: (host: string, port: number) => string;
  /** Other hosts than the victim's address and its twin's. Without a twin, only the victim is asked. */
  readonly hosts?: { readonly victim: string; readonly twin?: string };
  /** The victim's name means its twin for who asks first: through a proxy, the twin is reached once. */
  readonly rebinds?: true;
  /** A tab of its own, instead of a frame. */
  readonly tab?: true;
  /** Sent around proxies, or not at all: its twin is not reached through one. */
  readonly around?: true;
  /** Sent by some builds of Chromium only; the packaged one does not know it. */
  readonly rare?: true;
}

const quoted = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c');

/** A script that finds the target as `url`. */
export const script = (name: string, code: string, more: Partial<Trick> = {}): Trick => ({
  name,
  html: (url) => `<body><script>const url = ${quoted(url)};\n${code}</script>`,
  ...more,
});

/** Markup in which `URL` stands for the target. */
export const markup = (name: string, text: string, more: Partial<Trick> = {}): Trick => ({
  name,
  html: (url) => text.replaceAll('URL', url.replaceAll('&', '&amp;').replaceAll('"', '&quot;')),
  ...more,
});

/** The target written in another way, and fetched. */
export const address = (name: string, written: Trick['written'], hosts?: Trick['hosts']): Trick =>
  script(name, "fetch(url, { mode: 'no-cors' })", {
    ...(written ? { written } : {}),
    ...(hosts ? { hosts } : {}),
  });
