import { createHash } from 'node:crypto';
import type { FileSource } from '../../schemas/stored-files.ts';
import { readerVersion } from '../test-files/reader-version.ts';

/** What these bytes are made into, by the reader that is here. */
export const sourceOf = (bytes: Uint8Array): FileSource => ({
  digest: createHash('sha256').update(bytes).digest('hex'),
  reader: readerVersion,
});

/** Whether something was made of the bytes with this digest, and would be made of them in the same way today. */
export const isMadeOf = (source: FileSource | undefined, digest: string): boolean =>
  source?.digest === digest && source.reader === readerVersion;
