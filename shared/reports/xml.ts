/** XML that is finished: only `element` makes it, so that text is always escaped. */
export class Xml {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Child = Xml | string | undefined;
type Attributes = Record<string, string | number | undefined>;

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An element; attributes that are undefined are left out, strings among its children are escaped. */
export function element(name: string, attributes: Attributes, children: readonly Child[] = []): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  const content = children.filter((child) => child !== undefined);
  if (content.length === 0) return new Xml(`<${name}${written}/>`);
  const nested = content.every((child) => child instanceof Xml);
  const inner = content.map((child) => (child instanceof Xml ? child.text : escapeXml(child, false)));
  const text = nested ? `\n${inner.join('\n')}\n` : inner.join('');
  return new Xml(`<${name}${written}>${text}</${name}>`);
}

/** An element as a document of its own. */
export function xmlDocument(root: Xml): string {
  return `${declaration}${root.text}\n`;
}

/** Characters that XML 1.0 (§2.2) has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be found
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;

/** Escapes text; characters that XML cannot hold are shown as `\u001b`, lone surrogates as U+FFFD. */
export function escapeXml(text: string, attribute = true): string {
  const escaped = text
    .toWellFormed()
    .replace(unwritable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
  if (!attribute) return escaped;
  return escaped.replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
