import assert from 'node:assert/strict';
import * as buckets from './buckets.ts';
import * as collections from './collections.ts';
import { resources } from './index.ts';
import * as queues from './queues.ts';
import * as secrets from './secrets.ts';
import * as tables from './tables.ts';
import * as topics from './topics.ts';

describe('what is deployed beside the functions', () => {
  const listed = Object.values(resources).flat() as unknown[];
  for (const [what, declared] of Object.entries({ buckets, collections, queues, secrets, tables, topics })) {
    it(`has all ${what} that are declared`, () => {
      for (const [name, resource] of Object.entries(declared)) {
        if (Array.isArray(resource) || typeof resource !== 'object' || !('kind' in resource)) continue;
        assert.ok(listed.includes(resource), `${what}.ts: ${name}`);
      }
    });
  }
});
