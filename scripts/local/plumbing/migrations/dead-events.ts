import type { Migration } from '../data-format.ts';

/** Dead events are in the topic of dead letters, no table of their own: those that there are are told once more, and get there. */
export const deadEvents: Migration = (store) => {
  if (!store.get("SELECT 1 FROM sqlite_master WHERE name = 'eventarc_dead_letters'")) return;
  const now = Date.now();
  store.run(
    `INSERT INTO eventarc_deliveries (function, headers, body, created, due)
     SELECT function, headers, body, ?, ? FROM eventarc_dead_letters ORDER BY seq`,
    ...[now, now],
  );
  store.exec('DROP TABLE eventarc_dead_letters');
};
