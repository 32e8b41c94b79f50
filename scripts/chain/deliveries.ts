import assert from 'node:assert/strict';
import type { CreateService } from '../local/plumbing/service.ts';
import type { Store } from '../local/plumbing/store.ts';

/** An event as a function got it: HTTP headers and body. */
export interface KeptDelivery {
  readonly function: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** Remembers what functions are told of documents and objects. */
export interface DeliveryKeeper {
  readonly create: CreateService;
  kept(): KeptDelivery[];
}

/** Keeps a copy of every event beside the store's own row, which goes when the event is delivered. */
export function keepDeliveries(): DeliveryKeeper {
  let store: Store | undefined;
  return {
    create(context) {
      store = context.store;
      store.exec(`
        CREATE TABLE IF NOT EXISTS kept_deliveries (function TEXT, headers TEXT, body BLOB);
        CREATE TRIGGER IF NOT EXISTS keep_delivery AFTER INSERT ON eventarc_deliveries BEGIN
          INSERT INTO kept_deliveries VALUES (new.function, new.headers, new.body);
        END;`);
      return { name: 'keeper' };
    },
    kept() {
      assert.ok(store);
      const rows = store.all<{ function: string; headers: string; body: Uint8Array }>('SELECT * FROM kept_deliveries');
      return rows.map((row) => ({ ...row, headers: JSON.parse(row.headers) as Record<string, string> }));
    },
  };
}
