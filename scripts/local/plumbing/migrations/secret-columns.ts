import type { Migration } from '../data-format.ts';

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  secrets_secrets: [
    "topics TEXT NOT NULL DEFAULT '[]'",
    'next_rotation REAL',
    'rotation_period REAL',
    'destroy_ttl REAL',
  ],
  secrets_versions: ['scheduled REAL'],
};

/** Secrets tell topics, are rotated and destroyed later. Folders of format 1 may have what that takes, or not. */
export const secretColumns: Migration = (store) => {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const present = store.all<{ name: string }>(`PRAGMA table_info(${table})`).map(({ name }) => name);
    if (present.length === 0) continue;
    for (const column of columns)
      if (!present.includes(column.split(' ')[0] ?? '')) store.exec(`ALTER TABLE ${table} ADD COLUMN ${column}`);
  }
};
