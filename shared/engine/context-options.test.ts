import assert from 'node:assert/strict';
import { contextOptions } from './context-options.ts';
import { StepError } from './step-error.ts';

const refused = (words: RegExp, hint?: RegExp) => (error: unknown) =>
  error instanceof StepError &&
  error.type === 'invalid-value' &&
  words.test(error.message) &&
  (hint?.test(error.hint ?? '') ?? true);

describe("what a browser is told about a test's configuration", () => {
  it('is what the test says', async () => {
    const { timezoneId, locale, userAgent } = await contextOptions({
      ...{ timezone: 'Europe/Berlin', locale: 'de-DE', userAgent: 'Check/1' },
    });
    assert.deepEqual([timezoneId, locale, userAgent], ['Europe/Berlin', 'de-DE', 'Check/1']);
  });

  it('is no time zone that there is not, with the one that may be meant', async () => {
    await assert.rejects(
      contextOptions({ timezone: 'Europe/Berln' }),
      refused(/there is no time zone 'Europe\/Berln'/, /'Europe\/Berlin'/),
    );
    await assert.rejects(contextOptions({ timezone: 'Mars/Olympus' }), refused(/Mars\/Olympus/, /IANA/));
    await assert.rejects(contextOptions({ timezone: '+02:00' }), refused(/no time zone '\+02:00'/));
    for (const timezone of ['', 'UTC', 'GMT', 'US/Pacific', 'Asia/Calcutta']) await contextOptions({ timezone });
  });

  it('is no text that a header cannot have', async () => {
    await assert.rejects(contextOptions({ userAgent: 'a\nb' }), refused(/'userAgent' .* line breaks/));
    await assert.rejects(contextOptions({ locale: 'de\u0000' }), refused(/'locale' .* line breaks/));
  });
});
