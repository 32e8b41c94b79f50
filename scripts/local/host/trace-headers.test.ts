import assert from 'node:assert/strict';
import { traceHeaders } from './trace-headers.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const CLOUD_TRACE = `${TRACE}/67667974448284343;o=1`;

describe('the trace of a request', () => {
  it('is kept in both forms when it has both', () => {
    const given = { traceparent: TRACEPARENT, 'x-cloud-trace-context': `${'a'.repeat(32)}/1;o=0` };
    assert.deepEqual(traceHeaders(given), given);
  });

  it('has the other form when it has one', () => {
    const both = { traceparent: TRACEPARENT, 'x-cloud-trace-context': CLOUD_TRACE };
    assert.deepEqual(traceHeaders({ traceparent: TRACEPARENT }), both);
    assert.deepEqual(traceHeaders({ 'x-cloud-trace-context': CLOUD_TRACE }), both);
    const unsampled = traceHeaders({ traceparent: TRACEPARENT.replace(/01$/, '00') });
    assert.match(unsampled['x-cloud-trace-context'], /;o=0$/);
    assert.match(traceHeaders({ 'x-cloud-trace-context': `${TRACE};o=0` }).traceparent, /^00-4bf9.{28}-.{16}-00$/);
  });

  it('begins when it has none, or one that is not valid', () => {
    const invalid = [{}, { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }, { traceparent: 'ff' }];
    const traces = [...invalid, { 'x-cloud-trace-context': `${'0'.repeat(32)}/1` }].map((given) => traceHeaders(given));
    for (const { traceparent, 'x-cloud-trace-context': context } of traces) {
      assert.match(traceparent, /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
      assert.equal(context.split('/')[0], traceparent.slice(3, 35));
    }
    assert.equal(new Set(traces.map(({ traceparent }) => traceparent)).size, 4);
  });
});
