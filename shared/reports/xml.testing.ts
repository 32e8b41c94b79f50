import assert from 'node:assert/strict';

/** An element as the tests see it. `text` is its own text, without its children's. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlNode[];
  text: string;
}

const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const nameOf = /[A-Za-z_][\w.-]*/.source;
const attribute = new RegExp(`\\s+(${nameOf})="([^"<]*)"`, 'g');
const tag = new RegExp(`^<(/?)(${nameOf})((?:\\s+${nameOf}="[^"<]*")*)\\s*(/?)>`);

/** Reads XML strictly: elements, attributes and text as XML 1.0 has them, nothing else. Fails on whatever is not well-formed. */
export function readXml(source: string): XmlNode {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  assert.ok(source.startsWith(declaration), 'no XML declaration');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
  assert.doesNotMatch(source, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  assert.ok(source.isWellFormed());
  const root: XmlNode = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let rest = source.slice(declaration.length).trim();
  while (rest !== '') {
    const at = open.at(-1) ?? root;
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text !== undefined) {
      at.text += unescaped(text);
      rest = rest.slice(text.length);
      continue;
    }
    const [whole, closing, name = '', attributes = '', empty] = tag.exec(rest) ?? [];
    assert.ok(whole, `no tag at: ${rest.slice(0, 80)}`);
    rest = rest.slice(whole.length);
    if (closing) assert.equal(open.pop()?.name, name);
    else {
      const given = [...attributes.matchAll(attribute)].map(([, key = '', value = '']) => [key, unescaped(value)]);
      const node = { name, attributes: Object.fromEntries(given) as Record<string, string>, children: [], text: '' };
      assert.equal(Object.keys(node.attributes).length, given.length, 'an attribute stands twice');
      at.children.push(node);
      if (!empty) open.push(node);
    }
  }
  assert.equal(open.length, 1, 'an element is not closed');
  assert.equal(root.children.length, 1, 'there is one root');
  assert.equal(root.text.trim(), '');
  return root.children[0] as XmlNode;
}

function unescaped(text: string): string {
  assert.doesNotMatch(text, /\]\]>/);
  return text.replace(/&([^;]*;)?/g, (whole, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? '';
    const code = /^#(\d+)$/.exec(name)?.[1];
    const character = code ? String.fromCodePoint(Number(code)) : names[name];
    assert.ok(character, `not a reference: ${whole}`);
    return character;
  });
}
