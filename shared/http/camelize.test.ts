import assert from 'node:assert/strict';
import { camelize } from './camelize.ts';

describe('a stored value in an HTTP body', () => {
  it('has its fields in camelCase and its times as text, at every depth', () => {
    assert.deepEqual(
      camelize({ created_at: new Date(0), totals: [{ failed_steps: 1 }], report: null, row_2_index: 3, id: 'x' }),
      { createdAt: '1970-01-01T00:00:00.000Z', totals: [{ failedSteps: 1 }], report: null, row2Index: 3, id: 'x' },
    );
  });

  it("keeps users' own content as it is", () => {
    const content = { user_name: 'a', nested: { snake_case: 1 } };
    assert.deepEqual(camelize({ base_url: 'b', variables: content, row: content, steps: [content] }), {
      baseUrl: 'b',
      variables: content,
      row: content,
      steps: [content],
    });
  });
});
