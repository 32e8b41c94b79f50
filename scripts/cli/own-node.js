// @ts-check
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The oldest major version of Node.js that runs the command line. */
const OLDEST = 24;
/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** The Node.js that the project brings along. */
const OWN_NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

/**
 * @typedef {object} Surroundings
 * @property {string} [version]
 * @property {string} [ownNode]
 * @property {(text: string) => void} [tell]
 */

/**
 * Runs the script again by the project's own Node.js when this one is too old for it. What it is told by signals that
 * one is told too, and nobody is left alone: it ends when that one has.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {Surroundings} [surroundings]
 * @returns {Promise<number | undefined>} the exit code to end with; undefined when this Node.js will do.
 */
export async function handOver(
  script,
  args,
  { version = process.versions.node, ownNode = OWN_NODE, tell = (text) => void process.stderr.write(text) } = {},
) {
  if (Number.parseInt(version, 10) >= OLDEST) return undefined;
  if (!existsSync(ownNode)) {
    tell(
      `virtuoso: Node.js ${version} is too old: run 'npm ci' once, which brings Node.js ${OLDEST}, and try again.\n`,
    );
    return 2;
  }
  const child = spawn(ownNode, ['--', script, ...args], { stdio: 'inherit' });
  const forward = (/** @type {NodeJS.Signals} */ name) => void child.kill(name);
  for (const name of SIGNALS) process.on(name, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    for (const name of SIGNALS) process.off(name, forward);
  }
}
