import { deepEqual } from 'node:assert/strict';
import { setBounded } from './bounded-map.ts';

describe('a bounded map', () => {
  it('forgets what was set first when it is full, and nothing before', () => {
    const map = new Map<string, number>();
    for (const [key, value] of Object.entries({ a: 1, b: 2 })) setBounded(map, key, value, 2);
    deepEqual([...map], Object.entries({ a: 1, b: 2 }));
    setBounded(map, 'c', 3, 2);
    deepEqual([...map], Object.entries({ b: 2, c: 3 }));
  });
});
