#!/usr/bin/env node
import { handOver } from './cli/own-node.ts';

// Everything else is loaded after the check: an older Node may not even be able to read it.
const handed = handOver(import.meta.filename, process.argv.slice(2));
if (handed !== undefined) process.exit(handed);
const { main } = await import('./cli/main.ts');
const code = await main(process.argv.slice(2));
// What is written to a pipe may still be on its way.
await Promise.all([process.stdout, process.stderr].map((out) => new Promise((done) => out.write('', done))));
process.exit(code);
