import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench, clock, statuses } from './testing/bench.ts';

const page =
  '<title>Data</title><h1>Order  7</h1><input id="n" value="41"><a href="/x" id="a">X</a><i class="r"></i><i class="r"></i>';

describe('stored data', () => {
  const { base, run, step, open } = bench({ '/': page, '/x': '<title>X</title>' });

  it('is kept under the name and can be used in later steps', async () => {
    const results = await run(
      { command: 'data.store-text', target: 'h1', variable: 'text' },
      { command: 'data.store-value', target: '#n', variable: '$value' },
      { command: 'data.store-attribute', target: '#a', attribute: 'href', variable: 'href' },
      { command: 'data.store-literal', value: { deep: [1] }, variable: 'literal' },
      { command: 'data.store-url', variable: 'url' },
      { command: 'data.store-title', variable: 'title' },
      { command: 'data.store-count', target: 'css=.r', variable: 'count' },
      { command: 'navigate.to', url: '{{href}}' },
      { command: 'misc.log', text: '{{text}}|$value|{{literal.deep}}|{{url}}|{{title}}|{{count}}' },
    );
    deepEqual(
      results.slice(0, 7).map(({ value }) => value),
      ['Order 7', '41', '/x', { deep: [1] }, `${base()}/`, 'Data', 2],
    );
    equal(results.at(-1)?.value, `Order 7|41|[1]|${base()}/|Data|2`);
  });

  it('is not made up: no value and no attribute are errors', async () => {
    const value = await step({ command: 'data.store-value', target: 'h1', variable: 'v' });
    match(value.error?.hint ?? '', /store-text/);
    const attribute = await step({ command: 'data.store-attribute', target: '#a', attribute: 'rel', variable: 'v' });
    equal(attribute.error?.type, 'invalid-value');
  });

  it('includes cookies, with everything that a cookie can have', async () => {
    const session = await open();
    // Browsers keep no cookie for longer than 400 days.
    const soon = Math.round(clock.now() / 1000) + 86_400;
    const create: Step = {
      command: 'data.cookie-create',
      name: 'c',
      value: 1,
      path: '/x',
      httpOnly: true,
      expires: new Date(soon * 1000).toISOString(),
    };
    const go = { command: 'navigate.to', url: '/' };
    await session.runCheckpoint({
      name: 'a',
      index: 0,
      steps: [
        go,
        create,
        {
          command: 'data.cookie-create',
          name: 'd',
          value: 'e',
          domain: 'shop.example',
          secure: true,
          expires: soon,
        },
      ],
    });
    const { cookies } = (await session.state()).storage;
    deepEqual(
      cookies.map(({ name, value, domain, path, secure, httpOnly, expires }) => ({
        name,
        value,
        domain,
        path,
        secure,
        httpOnly,
        expires,
      })),
      [
        { name: 'c', value: '1', domain: '127.0.0.1', path: '/x', secure: false, httpOnly: true, expires: soon },
        {
          name: 'd',
          value: 'e',
          domain: 'shop.example',
          path: '/',
          secure: true,
          httpOnly: false,
          expires: soon,
        },
      ],
    );
    await session.runCheckpoint({ name: 'b', index: 1, steps: [{ command: 'data.cookie-delete', name: 'c' }] });
    deepEqual(
      (await session.state()).storage.cookies.map(({ name }) => name),
      ['d'],
    );
    await session.runCheckpoint({ name: 'c', index: 2, steps: [{ command: 'data.cookies-clear' }] });
    deepEqual((await session.state()).storage.cookies, []);
  });

  it('has no cookie that browsers do not take, and says so', async () => {
    const create = (fields: object): Step => ({ command: 'data.cookie-create', onFailure: 'continue', ...fields });
    const results = await run(
      create({ name: 'a;b', value: 1 }),
      create({ name: 'a', value: 'b\nc' }),
      create({ name: '__Secure-a', value: 1 }),
      create({ name: '__Secure-a', value: 1, secure: true }),
    );
    deepEqual(
      results.map(({ error }) => error?.type),
      ['invalid-value', 'invalid-value', 'invalid-value', undefined],
    );
    match(results[0]?.error?.message ?? '', /no cookie 'a;b' for 127\.0\.0\.1\/ as given/);
  });

  it('includes the local storage of the site', async () => {
    const read = { command: 'misc.execute', script: 'return { ...localStorage }' };
    const results = await run(
      { command: 'data.local-storage-set', key: 'a', value: 1 },
      { command: 'data.local-storage-set', key: 'b', value: 'two' },
      read,
      { command: 'data.local-storage-clear', key: 'a' },
      read,
      { command: 'data.local-storage-clear' },
      read,
    );
    deepEqual([results[2]?.value, results[4]?.value, results[6]?.value], [{ a: '1', b: 'two' }, { b: 'two' }, {}]);
  });

  it('needs a site for its cookies and its storage', async () => {
    const results = await run(
      { command: 'navigate.to', url: 'about:blank' },
      { command: 'data.cookie-create', name: 'c', value: 1, onFailure: 'continue' },
      { command: 'data.local-storage-set', key: 'a', value: 1 },
    );
    deepEqual(statuses(results), ['passed', 'error', 'error']);
    deepEqual([results[1]?.error?.type, results[2]?.error?.type], ['invalid-value', 'refused']);
  });
});
