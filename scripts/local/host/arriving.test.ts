import assert from 'node:assert/strict';
import { arriving } from './arriving.ts';

describe('the headers of a request that arrives at a function', () => {
  it('say from where it came and of which trace it is', () => {
    const { traceparent, 'x-cloud-trace-context': context, ...headers } = arriving({ accept: '*/*' }, '127.0.0.1');
    assert.deepEqual(headers, {
      accept: '*/*',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      forwarded: 'for="127.0.0.1";proto=http',
    });
    assert.equal(String(context).slice(0, 32), String(traceparent).slice(3, 35));
  });

  it('go on with what those before have said', () => {
    const headers = arriving(
      { 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1', 'x-forwarded-proto': 'https' },
      '127.0.0.1',
    );
    assert.equal(headers['x-forwarded-for'], '192.0.2.1, 127.0.0.1');
    assert.equal(headers.forwarded, 'for=192.0.2.1, for="127.0.0.1";proto=http');
    assert.equal(headers['x-forwarded-proto'], 'http');
  });
});
