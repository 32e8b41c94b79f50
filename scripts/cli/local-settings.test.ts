import assert from 'node:assert/strict';
import { UsageError } from './command.ts';
import { settingsOf } from './local-settings.ts';

describe('a local cloud of our own', () => {
  it('is told what our own environment sets, but not where things are', () => {
    const given = { RATE_LIMIT_FACTOR: '1', CORS_ORIGINS: 'http://localhost:3000', CHROMIUM_PATH: '/usr/bin/chromium' };
    assert.deepEqual(
      settingsOf({ ...given, GCP_PROJECT_ID: 'theirs', PUBLIC_URL: 'https://a', LIVE_IDLE_SECONDS: '' }),
      given,
    );
  });

  it('is not started with a setting that is none', () => {
    assert.throws(
      () => settingsOf({ RATE_LIMIT_FACTOR: 'many' }),
      (error) => error instanceof UsageError && /RATE_LIMIT_FACTOR=many: must be a number/.test(error.message),
    );
  });
});
