import assert from 'node:assert/strict';
import { indexes } from './collections.ts';
import { sensitiveColumns } from './sensitive-columns.ts';
import { unindexed } from './unindexed.ts';

describe('what is exempt from indexing', () => {
  it('is no field of a composite index', () => {
    for (const { collection, fields } of unindexed) {
      const ordered = indexes
        .filter((index) => index.collection === collection.name)
        .flatMap((index) => index.fields.map(({ field }) => field));
      assert.deepEqual(
        fields.filter((field) => ordered.includes(field)),
        [],
        collection.name,
      );
    }
  });

  it('is told of once a collection', () => {
    const names = unindexed.map(({ collection }) => collection.name);
    assert.equal(new Set(names).size, names.length);
  });
});

describe('sensitive columns', () => {
  it('are columns of their tables', () => {
    for (const { table, columns } of sensitiveColumns)
      for (const column of columns) assert.ok(Object.hasOwn(table.columns, column), `${table.name}.${column}`);
  });
});
