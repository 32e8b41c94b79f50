#!/usr/bin/env -S node --
// @ts-check
// JavaScript: a Node.js that is too old for TypeScript can read it, and no other has to load first what strips types.
// Without the dashes, Node.js takes an --env-file of ours for its own, and ends when it is not there.
import module from 'node:module';
import { join } from 'node:path';
import { handOver } from './cli/own-node.js';

// Everything else is loaded after the check: an older Node may not even be able to read it.
const handed = await handOver(import.meta.filename, process.argv.slice(2));
if (handed !== undefined) process.exit(handed);
// Half of the time to start is compiling. Where the cache cannot be written, nothing is cached.
module.enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/virtuoso'));
const { fail, main } = await import('./cli/main.ts');
process.once('uncaughtException', (error) => process.exit(fail(error)));
const code = await main(process.argv.slice(2));
// What is written to a pipe may still be on its way.
await Promise.all([process.stdout, process.stderr].map((out) => new Promise((done) => out.write('', done))));
process.exit(code);
