import assert from 'node:assert/strict';
import * as buckets from './buckets.ts';
import * as collections from './collections.ts';
import { resources } from './index.ts';
import * as queues from './queues.ts';
import * as scheduledQueries from './scheduled-queries.ts';
import * as secrets from './secrets.ts';
import * as statistics from './statistics-tables.ts';
import * as tables from './tables.ts';
import * as topics from './topics.ts';
import * as views from './views.ts';

describe('what is deployed beside the functions', () => {
  const listed = Object.values(resources).flat() as unknown[];
  const all = { buckets, collections, queues, scheduledQueries, secrets, statistics, tables, topics, views };
  for (const [what, declared] of Object.entries(all)) {
    it(`has all ${what} that are declared`, () => {
      for (const [name, resource] of Object.entries(declared)) {
        if (Array.isArray(resource) || typeof resource !== 'object' || !('kind' in resource)) continue;
        assert.ok(listed.includes(resource), `${what}.ts: ${name}`);
      }
    });
  }
});
