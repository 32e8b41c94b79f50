#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';
import { handOver } from './cli/own-node.ts';

// Everything else is loaded after the check: an older Node may not even be able to read it.
const handed = handOver(import.meta.filename, process.argv.slice(2));
if (handed !== undefined) process.exit(handed);
// Half of the time to start is compiling. Where the cache cannot be written, nothing is cached.
module.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/virtuoso'));
const { main } = await import('./cli/main.ts');
const code = await main(process.argv.slice(2));
// What is written to a pipe may still be on its way.
await Promise.all([process.stdout, process.stderr].map((out) => new Promise((done) => out.write('', done))));
process.exit(code);
