import assert from 'node:assert/strict';
import { UsageError } from './command.ts';
import { readRemote } from './target.ts';

const variables = ['VIRTUOSO_URL', 'VIRTUOSO_API_KEY'] as const;

describe('where tests run', () => {
  const saved = variables.map((name) => process.env[name]);
  const environment = (url?: string, key?: string) => {
    for (const [name, value] of [
      ['VIRTUOSO_URL', url],
      ['VIRTUOSO_API_KEY', key],
    ] as const) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  beforeEach(() => environment());
  after(() => environment(saved[0], saved[1]));

  const refused = (values: Record<string, string | boolean>, message: RegExp) =>
    assert.throws(
      () => readRemote(values),
      (error) => error instanceof UsageError && message.test(error.message),
    );

  it('is a local cloud when no API is named', () => {
    environment('', 'k');
    assert.equal(readRemote({}), undefined);
  });

  it('is the API of the options or the environment; options first', () => {
    environment('http://env', 'env');
    assert.deepEqual(readRemote({}), { url: 'http://env', apiKey: 'env' });
    assert.deepEqual(readRemote({ url: 'http://opt//', 'api-key': 'opt' }), { url: 'http://opt', apiKey: 'opt' });
  });

  it('has its version in the paths: an address may be given with it', () => {
    const read = (url: string) => readRemote({ url, 'api-key': 'k' })?.url;
    for (const url of ['https://a/v1', 'https://a/v1/', 'https://a//v1//', 'https://a/'])
      assert.equal(read(url), 'https://a');
    assert.deepEqual(['https://a/qa/v1', 'https://v1', 'https://a/dev1'].map(read), [
      'https://a/qa',
      'https://v1',
      'https://a/dev1',
    ]);
  });

  it('needs a key with an address, and an address with a key', () => {
    refused({ url: 'http://a' }, /API key is needed/);
    refused({ 'api-key': 'k' }, /give its --url too/);
    refused({ url: 'a.example', 'api-key': 'k' }, /must be an address that begins with http/);
  });

  it('refuses options of the local cloud together with an API', () => {
    const api = { url: 'http://a', 'api-key': 'k' };
    for (const local of [{ data: 'd' }, { memory: true }, { chaos: 'duplicate=1' }])
      refused({ ...api, ...local }, /is the local cloud's: with --url, the API decides/);
  });
});
