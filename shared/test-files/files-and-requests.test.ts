import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

/** What each way to write an upload, a download, a request and a visual baseline becomes. */
const compact: readonly [string, Record<string, unknown>][] = [
  [
    'upload: {Photo: https://a.example/me.png}',
    { command: 'file.upload', target: 'Photo', url: 'https://a.example/me.png' },
  ],
  ['download: {Price list: prices}', { command: 'file.download', target: 'Price list', variable: 'prices' }],
  ['request: /health', { command: 'api.request', url: '/health' }],
  ['request: {POST: /orders}', { command: 'api.request', method: 'POST', url: '/orders' }],
  [
    'request: {url: /orders, method: POST, json: {a: 1}, status: 201, store: {id: $.id}}',
    {
      command: 'api.request',
      url: '/orders',
      method: 'POST',
      body: { a: 1 },
      expectStatus: 201,
      store: { id: '$.id' },
    },
  ],
  ['snapshot: home', { command: 'assert.snapshot', name: 'home' }],
  [
    "snapshot: {name: card, selector: '#card', maxDiffRatio: 0.05}",
    { command: 'assert.snapshot', name: 'card', target: '#card', maxDiffRatio: 0.05 },
  ],
  ['download the Price list as $prices', { command: 'file.download', target: 'Price list', variable: 'prices' }],
  [
    'upload https://a.example/me.png to Photo',
    { command: 'file.upload', url: 'https://a.example/me.png', target: 'Photo' },
  ],
  ['see that the page looks like home', { command: 'assert.snapshot', name: 'home' }],
  ["expect '#card' looks like card", { command: 'assert.snapshot', target: '#card', name: 'card' }],
];

const simplified: readonly [string, Record<string, unknown>][] = [
  ["upload: {to: '#photo', url: /me.png}", { command: 'file.upload', target: '#photo', url: '/me.png' }],
  ["file: {selector: '#photo', from: /me.png}", { command: 'file.upload', target: '#photo', url: '/me.png' }],
  [
    "upload: {to: '#photo', content: hello, name: a.txt}",
    { command: 'file.upload', target: '#photo', content: 'hello', name: 'a.txt' },
  ],
  [
    "upload: {to: '#photo', files: [{artifact: a.png}, {content: aGk=, encoding: base64, name: b.bin}]}",
    {
      command: 'file.upload',
      target: '#photo',
      files: [{ artifact: 'a.png' }, { content: 'aGk=', encoding: 'base64', name: 'b.bin' }],
    },
  ],
  ['download: {from: Price list, as: prices}', { command: 'file.download', target: 'Price list', variable: 'prices' }],
  [
    'request: {url: /me, headers: {Accept: text/html}, cookies: true}',
    { command: 'api.request', url: '/me', headers: { Accept: 'text/html' }, cookies: true },
  ],
  ['api: /health', { command: 'api.request', url: '/health' }],
  [
    "assert: {type: snapshot, name: card, selector: '#card'}",
    { command: 'assert.snapshot', name: 'card', target: '#card' },
  ],
  ['snapshot: home', { command: 'assert.snapshot', name: 'home' }],
];

describe('files, requests and baselines in test files', () => {
  for (const [form, head, steps] of [
    ['compact', 'test: A shop\ndo:\n', compact],
    ['simplified', 'name: A shop\nsteps:\n', simplified],
  ] as const)
    for (const [written, expected] of steps) {
      it(`are read in the ${form} form: ${written}`, () => {
        const { definition, diagnostics } = readTestFile(`${head}  - ${written}\n`, { name: 'shop.yaml' });
        assert.deepEqual([definition?.checkpoints[0]?.steps, diagnostics], [[expected], []]);
      });
    }

  for (const [written, message] of [
    ['{command: file.upload, target: a}', /url|artifact|content|files/],
    ['{command: file.upload, target: a, content: x}', /name|exactly one/],
    ['{command: file.upload, target: a, url: /b, artifact: c}', /one/],
    ['{command: file.upload, target: a, files: [{url: /a, content: b, name: c}]}', /one/],
    ['{command: file.upload, target: a, files: []}', /1/],
    ['{command: api.request, url: /a, method: FETCH}', /one of GET, POST/],
    ['{command: api.request, url: /a, expectStatus: 42}', /100/],
    ['{command: assert.snapshot, name: a, maxDiffRatio: 2}', /1/],
  ] as const) {
    it(`are refused when they are wrong: ${written}`, () => {
      const { definition, diagnostics } = readTestFile(`test: A shop\ndo:\n  - ${written}\n`, { name: 'shop.yaml' });
      assert.equal(definition, undefined);
      assert.match(diagnostics.map((one) => `${one.message} ${one.hint ?? ''}`).join('\n'), message);
    });
  }
});
