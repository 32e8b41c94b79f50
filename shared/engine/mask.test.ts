import { deepEqual, equal } from 'node:assert/strict';
import { maskFor } from './mask.ts';

describe('the mask', () => {
  it('hides secrets in texts, lists, objects, keys and numbers', () => {
    const mask = maskFor(['hunter2', '4711']);
    deepEqual(mask.value({ a: ['x hunter2 y'], hunter2: { n: 47110 }, ok: 5, none: null }), {
      a: ['x •••••• y'],
      '••••••': { n: '••••••0' },
      ok: 5,
      none: null,
    });
  });

  it('hides them as they stand in addresses and JSON', () => {
    const mask = maskFor(['a b&"c']);
    const forms = ['a b&"c', 'a%20b%26%22c', 'a+b%26%22c', JSON.stringify('a b&"c')];
    equal(mask.text(forms.join(' | ')).includes('b&'), false);
    equal(/b%26/.test(mask.text(forms.join(' '))), false);
  });

  it('hides them as browsers write them into each part of an address, in capitals or not', () => {
    const secret = 'p@ss "w/ö"rd|^!';
    const mask = maskFor([secret]);
    const address = new URL('https://shop.example/');
    const written: string[] = [];
    for (const part of ['username', 'password', 'pathname', 'search', 'hash'] as const) {
      const one = new URL(address);
      one[part] = secret;
      written.push(one.href);
    }
    const small = [...written, encodeURIComponent(secret)].map((text) =>
      text.replace(/%../g, (hex) => hex.toLowerCase()),
    );
    for (const text of [...written, ...small]) equal(/p(@|%40)ss/i.test(mask.text(text)), false, mask.text(text));
  });

  it('hides them as a script encodes them for a query, and the browser what is left', () => {
    const secret = "p'w &<é>ord";
    const { href } = new URL(`https://shop.example/?v=${encodeURIComponent(secret)}`);
    equal(maskFor([secret]).text(href), 'https://shop.example/?v=••••••');
  });

  it('hides the longer of two that overlap, and ignores the empty one', () => {
    const mask = maskFor(['', 'pass', 'password']);
    equal(mask.text('my password'), 'my ••••••');
  });

  it('hides the beginning of one where a text was cut off', () => {
    const mask = maskFor(['correct horse', 'battery']);
    equal(mask.text('<p> "it is correct ho…" and correct ho'), '<p> "it is ••••••…" and correct ho');
    equal(mask.text('corre… batt… cor… …'), '••••••… ••••••… cor… …');
  });

  it('learns secrets on the way', () => {
    const mask = maskFor([]);
    equal(mask.text('later'), 'later');
    mask.add('later');
    equal(mask.text('later'), '••••••');
  });
});
