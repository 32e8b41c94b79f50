import assert from 'node:assert/strict';
import { library } from '../../functions/library/index.ts';
import type { AnyFunction } from '../../shared/define/function.ts';
import { defineService } from '../../shared/define/service.ts';
import { until } from '../local/plumbing/receiver.ts';
import { type SuiteCloud, startSuite } from './suite-cloud.ts';

describe('a function that touches what it does not declare', function () {
  this.timeout(120_000);
  let suite: SuiteCloud;
  before(async () => {
    // The bundle is that of the sources; only what is said of it has changed.
    const silent: AnyFunction = {
      ...(library as AnyFunction),
      services: { library: defineService([], () => undefined) },
    };
    suite = await startSuite({ functions: [silent] });
  });
  after(async () => {
    await suite?.close();
  });

  it('gets PERMISSION_DENIED, and is logged with what it lacks', async () => {
    const answer = await fetch(`${suite.cloud.origin}/v1/library`, { headers: { 'x-api-key': suite.cloud.apiKey } });
    assert.ok(answer.status >= 500, String(answer.status));
    const told = suite.lines.find(({ message }) => /^library is denied /.test(message));
    assert.match(
      told?.message ?? '',
      /RunQuery: its declaration has no use that lets it read the collection 'library'/,
    );
    // No answer waits for the function's own log.
    await until(() => suite.lines.some((line) => JSON.stringify(line).includes('PERMISSION_DENIED')));
  });
});
