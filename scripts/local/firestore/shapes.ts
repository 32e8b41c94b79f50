import type { Store } from '../plumbing/store.ts';
import { type Database, DocumentVersion } from './documents.ts';
import { type FieldPath, getField } from './field-paths.ts';
import { fieldKey } from './filter.ts';
import { orderKey, reversed } from './order-key.ts';
import { collectionOf, parentOf } from './paths.ts';

/** One part of an index entry. */
export interface ShapePart {
  readonly field: FieldPath;
  readonly kind: 'asc' | 'desc' | 'contains';
}

/**
 * An index over one collection (`collection`: entries are kept apart by parent) or over all collections of an id
 * (`group`). Shapes come into being when a query first needs them, so that writes only pay for what is queried.
 */
export interface Shape {
  readonly id: number;
  readonly scope: 'collection' | 'group';
  readonly parts: readonly ShapePart[];
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS firestore_shapes (
    id INTEGER PRIMARY KEY, database INTEGER NOT NULL, collection TEXT NOT NULL, scope TEXT NOT NULL,
    parts TEXT NOT NULL, UNIQUE (database, collection, scope, parts));
  CREATE TABLE IF NOT EXISTS firestore_index (
    shape INTEGER NOT NULL, parent TEXT NOT NULL, key BLOB NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (shape, parent, key)) WITHOUT ROWID;
`;

/** More shapes than this in one collection: the one used least recently makes room. */
const MOST_SHAPES = 64;
const BUILD_PAGE = 500;

/** The indexes that queries read: ordered entries, kept up to date in the transaction that changes a document. */
export class Shapes {
  readonly #store: Store;
  /** By database and collection, then by scope and parts; the one used last is last. */
  readonly #shapes = new Map<string, Map<string, Shape>>();

  constructor(store: Store) {
    this.#store = store;
    store.exec(TABLES);
    const rows = store.all<{ id: number; database: number; collection: string; scope: 'collection'; parts: string }>(
      'SELECT id, database, collection, scope, parts FROM firestore_shapes ORDER BY id',
    );
    for (const { id, database, collection, scope, parts } of rows) {
      const shape: Shape = { id, scope, parts: JSON.parse(parts) as ShapePart[] };
      this.#of(database, collection).set(scope + parts, shape);
    }
  }

  /** The shape with these parts; it is built from the documents when it is new. */
  require(database: Database, collection: string, scope: Shape['scope'], parts: readonly ShapePart[]): Shape {
    const shapes = this.#of(database.id, collection);
    const spec = JSON.stringify(parts);
    const known = shapes.get(scope + spec);
    if (known) {
      shapes.delete(scope + spec);
      shapes.set(scope + spec, known);
      return known;
    }
    const shape = this.#store.transaction(() => {
      const id = this.#store.insert(
        'INSERT INTO firestore_shapes (database, collection, scope, parts) VALUES (?, ?, ?, ?)',
        database.id,
        collection,
        scope,
        spec,
      );
      const made: Shape = { id, scope, parts };
      this.#build(database, collection, made);
      return made;
    });
    shapes.set(scope + spec, shape);
    this.#makeRoom(shapes);
    return shape;
  }

  /** Whether any query reads the collection through an index, so that changes must be indexed. */
  indexes(database: Database, key: string): boolean {
    return this.#of(database.id, collectionOf(key)).size > 0;
  }

  /** Replaces the entries of `before` by those of `after` in every shape of the collection. */
  update(
    database: Database,
    before: DocumentVersion | undefined,
    after: DocumentVersion | undefined,
    document: number,
  ): void {
    const key = (before ?? after)?.key ?? '';
    for (const shape of this.#of(database.id, collectionOf(key)).values()) {
      const parent = shape.scope === 'collection' ? parentOf(key) : '';
      const old = before && document > 0 ? entries(shape, before) : [];
      const current = after ? entries(shape, after) : [];
      for (const entry of old) {
        if (!current.some((other) => other.equals(entry))) {
          this.#store.run(
            'DELETE FROM firestore_index WHERE shape = ? AND parent = ? AND key = ?',
            shape.id,
            parent,
            entry,
          );
        }
      }
      for (const entry of current) {
        if (!old.some((other) => other.equals(entry))) this.#insert(shape, parent, entry, document);
      }
    }
  }

  #insert(shape: Shape, parent: string, entry: Buffer, document: number): void {
    this.#store.run(
      'INSERT OR REPLACE INTO firestore_index (shape, parent, key, document) VALUES (?, ?, ?, ?)',
      shape.id,
      parent,
      entry,
      document,
    );
  }

  #build(database: Database, collection: string, shape: Shape): void {
    let after = 0;
    for (;;) {
      const rows = this.#store.all<{ id: number; key: string; created: number; updated: number; data: Uint8Array }>(
        `SELECT id, key, created, updated, data FROM firestore_documents
         WHERE database = ? AND collection = ? AND id > ? ORDER BY id LIMIT ${BUILD_PAGE}`,
        database.id,
        collection,
        after,
      );
      for (const row of rows) {
        const parent = shape.scope === 'collection' ? parentOf(row.key) : '';
        for (const entry of entries(shape, new DocumentVersion(row))) this.#insert(shape, parent, entry, row.id);
        after = row.id;
      }
      if (rows.length < BUILD_PAGE) return;
    }
  }

  #makeRoom(shapes: Map<string, Shape>): void {
    for (const [spec, shape] of shapes) {
      if (shapes.size <= MOST_SHAPES) return;
      shapes.delete(spec);
      this.#store.transaction(() => {
        this.#store.run('DELETE FROM firestore_index WHERE shape = ?', shape.id);
        this.#store.run('DELETE FROM firestore_shapes WHERE id = ?', shape.id);
      });
    }
  }

  #of(database: number, collection: string): Map<string, Shape> {
    const name = `${database}/${collection}`;
    let shapes = this.#shapes.get(name);
    if (!shapes) {
      shapes = new Map();
      this.#shapes.set(name, shapes);
    }
    return shapes;
  }
}

/** A document's entries: none when it lacks a field, several when it has several elements in a `contains` part. */
function entries(shape: Shape, document: DocumentVersion): Buffer[] {
  let prefixes: Buffer[][] = [[]];
  for (const part of shape.parts) {
    if (part.kind === 'contains') {
      const value = getField(document.fields, part.field);
      if (value?.valueType !== 'arrayValue') return [];
      const elements = new Map(value.arrayValue.values.map(orderKey).map((key) => [key.toString('latin1'), key]));
      prefixes = prefixes.flatMap((prefix) => [...elements.values()].map((element) => [...prefix, element]));
      continue;
    }
    const key = fieldKey(document, part.field);
    if (!key) return [];
    const bytes = part.kind === 'desc' ? reversed(key) : key;
    for (const prefix of prefixes) prefix.push(bytes);
  }
  return prefixes.map((prefix) => Buffer.concat(prefix));
}
