import assert from 'node:assert/strict';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { type Database, DocumentVersion } from './documents.ts';
import { type Engine, openEngine } from './engine.ts';
import type { FilterMessage } from './filter.ts';
import { type Query, type QueryMessage, readQuery } from './query.ts';
import { placeIn } from './run-query.ts';
import { array, double, type Fields, integer, NULL, type Value } from './values.ts';

const DATABASE = 'projects/p/databases/d';
const FIELDS = ['a', 'b', 'm.x'];
const OPERATORS = ['LESS_THAN', 'LESS_THAN_OR_EQUAL', 'GREATER_THAN', 'GREATER_THAN_OR_EQUAL', 'NOT_EQUAL'];

/** A sequence of pseudo-random numbers in [0, 1) that is the same for a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random documents and queries over few enough values that they meet. */
class Generator {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  value(): Value {
    const text = (stringValue: string): Value => ({ valueType: 'stringValue', stringValue });
    return this.pick([NULL, integer(0), integer(1), double(1), double(1.5), double(Number.NaN), text('x'), text('xy')]);
  }

  fields(): Fields {
    const fields: Fields = {};
    if (this.below(8) > 0) fields.a = this.value();
    if (this.below(8) > 0) fields.b = this.value();
    if (this.below(4) > 0) fields.m = { valueType: 'mapValue', mapValue: { fields: { x: this.value() } } };
    if (this.below(4) > 0) fields.tags = array([this.value(), this.value()]);
    return fields;
  }

  filter(depth: number): FilterMessage {
    if (depth > 0 && this.below(2) === 0) {
      const filters = Array.from({ length: 1 + this.below(3) }, () => this.filter(depth - 1));
      return { filterType: 'compositeFilter', compositeFilter: { op: this.pick(['AND', 'OR']), filters } };
    }
    const field = { fieldPath: this.pick(FIELDS) };
    const kind = this.below(6);
    const make = (op: string, value: Value, of = field): FilterMessage => ({
      filterType: 'fieldFilter',
      fieldFilter: { field: of, op, value },
    });
    if (kind === 0) return make('ARRAY_CONTAINS', this.value(), { fieldPath: 'tags' });
    if (kind === 1) return make('IN', array([this.value(), this.value()]));
    if (kind === 2) return make(this.pick(OPERATORS), this.value());
    if (kind === 3) {
      const op = this.pick(['IS_NULL', 'IS_NOT_NULL', 'IS_NAN', 'IS_NOT_NAN']);
      return { filterType: 'unaryFilter', unaryFilter: { field, op } };
    }
    return make('EQUAL', this.value());
  }

  query(): QueryMessage {
    const orders = this.below(3);
    const fields = FIELDS.toSorted(() => this.#random() - 0.5).slice(0, orders);
    const cursor = () => ({
      values: fields.slice(0, 1 + this.below(orders)).map(() => this.value()),
      before: this.below(2) === 0,
    });
    return {
      select: null,
      from: [{ collectionId: 'c', allDescendants: this.below(3) === 0 }],
      where: this.below(4) > 0 ? this.filter(2) : null,
      orderBy: fields.map((fieldPath) => ({
        field: { fieldPath },
        direction: this.pick(['ASCENDING', 'DESCENDING']),
      })),
      startAt: orders > 0 && this.below(3) === 0 ? cursor() : null,
      endAt: orders > 0 && this.below(3) === 0 ? cursor() : null,
      offset: this.below(4) === 0 ? this.below(5) : 0,
      limit: this.below(3) === 0 ? { value: this.below(10) } : null,
    };
  }
}

/** What the query answers over all documents, looked at one by one. */
function expected(query: Query, documents: readonly DocumentVersion[]): string[] {
  const found = documents.flatMap((document) => {
    const place = placeIn(query, document);
    return place ? [{ place, document }] : [];
  });
  found.sort((x, y) => Buffer.compare(x.place, y.place));
  return found
    .slice(query.offset, query.limit === undefined ? undefined : query.offset + query.limit)
    .map(({ document }) => document.key);
}

describe('local firestore: query runner', () => {
  let cloud: TestCloud;
  let engine: Engine;
  let database: Database;
  before(async () => {
    cloud = await startServices([
      (context) => {
        engine = openEngine(context, undefined);
        return { name: 'firestore' };
      },
    ]);
    database = engine.database(DATABASE);
  });
  after(() => cloud.close());

  function everything(at?: number): DocumentVersion[] {
    const rows = cloud.store.all<{ key: string; created: number; updated: number; data: Uint8Array }>(
      'SELECT key, created, updated, data FROM firestore_documents',
    );
    const current = rows.map((row) => new DocumentVersion(row));
    if (at === undefined) return current;
    const kept = current.filter((document) => document.updated <= at);
    return [...kept, ...engine.documents.replacedSince(database, undefined, at)];
  }

  it('answers from its indexes what a look at every document answers, now and in the past', () => {
    const generator = new Generator(20_260_101);
    const times: number[] = [];
    let compared = 0;
    for (let round = 0; round < 12; round += 1) {
      for (let i = 0; i < 25; i += 1) {
        const parent = generator.pick(['', 'p/one/', 'p/two/']);
        const name = `${DATABASE}/documents/${parent}c/d${generator.below(30)}`;
        engine.committer.commit(database, [
          generator.below(4) === 0
            ? { operation: 'delete', delete: name }
            : { operation: 'update', update: { name, fields: generator.fields() } },
        ]);
      }
      times.push(engine.documents.readTime());
      for (let i = 0; i < 40; i += 1) {
        const parent = `${DATABASE}/documents${generator.pick(['', '/p/one'])}`;
        const message = generator.query();
        const at = generator.below(3) === 0 ? generator.pick(times) : undefined;
        let query: Query;
        try {
          query = readQuery(parent, message);
        } catch (error) {
          assert.match(String(error), /disjunction/);
          continue;
        }
        const answer = engine.runner.run(database, query, at).hits.map((hit) => hit.document.key);
        if (answer.length > 0) compared += 1;
        assert.deepEqual(answer, expected(query, everything(at)), JSON.stringify(message));
        assert.equal(engine.runner.count(database, query, undefined, at), answer.length, JSON.stringify(message));
      }
    }
    assert.ok(compared > 150, `only ${compared} queries found anything`);
  });
});
