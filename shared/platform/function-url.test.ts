import assert from 'node:assert/strict';
import { readConfiguration } from './configuration.ts';
import { functionUrl } from './function-url.ts';

describe('the address of a function', () => {
  const urlWith = (FUNCTIONS_URL: string) => functionUrl(readConfiguration({ FUNCTIONS_URL }), 'run-session');

  it('has the name at its end', () => {
    assert.equal(urlWith('http://127.0.0.1:8484/functions/'), 'http://127.0.0.1:8484/functions/run-session');
    assert.equal(urlWith(''), 'https://us-central1-virtuoso-generator.cloudfunctions.net/run-session');
  });

  it('has the name where the address has a place for it', () => {
    assert.equal(urlWith('https://{function}-123.us-central1.run.app'), 'https://run-session-123.us-central1.run.app');
  });
});
