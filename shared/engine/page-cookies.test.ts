import { deepEqual, equal } from 'node:assert/strict';
import { readSetCookie } from './page-cookies.ts';

const read = (header: string, url = 'https://shop.example.com/a/b') =>
  readSetCookie(header, new URL(url), 1_000_000_000);

describe('a Set-Cookie header', () => {
  it('sets a cookie of the host and its folder, for as long as the browser lives', () => {
    deepEqual(read('sid=a=b'), {
      name: 'sid',
      value: 'a=b',
      domain: 'shop.example.com',
      path: '/a',
      secure: false,
      httpOnly: false,
    });
    equal(read('sid=1', 'https://shop.example.com/a')?.path, '/');
    equal(read('sid=1; Path=x')?.path, '/a');
  });

  it('says otherwise by its attributes', () => {
    deepEqual(read('sid=; Domain=.Example.com; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=strict'), {
      name: 'sid',
      value: '',
      domain: '.example.com',
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Strict',
      expires: 1_000_060,
    });
  });

  it('ends at a time; Max-Age goes before Expires, and the past deletes', () => {
    equal(read('a=1; Expires=Thu, 01 Jan 1970 00:33:20 GMT')?.expires, 2000);
    equal(read('a=1; Expires=Thu, 01 Jan 1970 00:33:20 GMT; Max-Age=5')?.expires, 1_000_005);
    equal(read('a=1; Max-Age=-5000000')?.expires, 1);
    equal(read('a=1; Expires=soon')?.expires, undefined);
  });

  it('sets nothing for another domain, nor without a name', () => {
    for (const header of ['a=1; Domain=other.com', 'a=1; Domain=x.shop.example.com', '=1', 'novalue', ''])
      equal(read(header), undefined, header);
  });
});
