import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareColdStarts } from './cold-start/compare.ts';
import { compareFlows } from './flows/compare.ts';

const folder = await mkdtemp(join(tmpdir(), 'virtuoso-bench-'));
try {
  await compareColdStarts(folder);
  await compareFlows(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
