import { equal, throws } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from '../commands/testing/bench.ts';
import { addressOf } from './address.ts';

describe('the address of a page', () => {
  it('is whole, or joins the base URL', () => {
    equal(addressOf('https://shop.example/a b', undefined), 'https://shop.example/a%20b');
    equal(addressOf('cart', 'https://shop.example/en/'), 'https://shop.example/en/cart');
  });

  it('is refused with what is wrong: itself, or the base URL', () => {
    throws(() => addressOf('/', undefined), /'\/' is relative, and the test has no base URL/);
    throws(() => addressOf('http://[', undefined), /'http:\/\/\[' is no address/);
    throws(() => addressOf('javascript:x', 'https://shop.example'), /'javascript:' addresses are not opened/);
    for (const base of ['not-a-url', 'ftp://shop.example', 'file:///etc/', 'localhost:3000', ''])
      throws(() => addressOf('/', base), new RegExp(`the base URL '${base}' is no address of a site`));
  });
});

describe('a base URL', () => {
  const { open, base } = bench({ '/': '<title>Home</title>' });
  const steps: Step[] = [
    { command: 'navigate.to', url: '/' },
    { command: 'assert.title', value: 'Home' },
  ];

  it('may be a variable, or a part of the environment', async () => {
    const baseUrl = base();
    const host = new URL(baseUrl).host;
    for (const given of ['{{site}}', 'http://{{host}}/', '$site', `\${ENV:SITE}`]) {
      const session = await open({
        baseUrl: given,
        variables: { site: baseUrl, host },
        environment: { SITE: baseUrl },
      });
      const { status, results } = await session.runCheckpoint({ name: 'x', index: 0, steps });
      equal(status, 'passed', JSON.stringify([given, results]));
    }
  });
});
