// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The oldest major version of Node.js that runs the command line. */
const OLDEST = 24;
/** The Node.js that the project brings along. */
const OWN_NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

/**
 * @typedef {object} Surroundings
 * @property {string} [version]
 * @property {string} [ownNode]
 * @property {(text: string) => void} [tell]
 */

/**
 * Runs the script again by the project's own Node.js when this one is too old for it.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {Surroundings} [surroundings]
 * @returns {number | undefined} the exit code to end with; undefined when this Node.js will do.
 */
export function handOver(
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
  const { status, signal } = spawnSync(ownNode, [script, ...args], { stdio: 'inherit' });
  return status ?? (signal === 'SIGINT' ? 130 : 1);
}
