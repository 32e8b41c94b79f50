import assert from 'node:assert/strict';
import { topicFilter } from './topic-filter.ts';

describe('the filter of a subscription', () => {
  it('names the types', () => {
    assert.equal(
      topicFilter(['run.completed', 'run.cancelled']),
      'attributes.type = "run.completed" OR attributes.type = "run.cancelled"',
    );
  });

  it('names their groups when they are too many for a filter', () => {
    const types = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `run.has_happened_${name}`);
    assert.equal(
      topicFilter([...types, 'test.made']),
      'hasPrefix(attributes.type, "run.") OR hasPrefix(attributes.type, "test.")',
    );
  });

  it('lets everything through when the groups are too many as well', () => {
    assert.equal(topicFilter(Array.from({ length: 20 }, (_, index) => `group_${index}.happened`)), '');
  });
});
