import { randomBytes } from 'node:crypto';
import type { LocalCloud } from '../local/cloud.ts';
import { createFirestoreWith } from '../local/firestore/index.ts';
import { startBareCloud } from './bare-cloud.ts';
import type { World } from './behaviour.ts';
import { conformanceIndexes } from './firestore/indexes.ts';
import type { Target } from './options.ts';

/** A world to look at, until it is closed. */
export interface OpenWorld {
  readonly world: World;
  /** Cleans up what was asked for, last first, and ends the local cloud. @throws the first error of a cleaning, at the end */
  close(): Promise<void>;
}

const services = { firestore: createFirestoreWith({ indexes: conformanceIndexes }) };

/** Opens the target for one suite. A local one is a cloud of the suite's own, so that its clock moves nobody else's. */
export async function openWorld(target: Target): Promise<OpenWorld> {
  const cleans: (() => Promise<unknown>)[] = [];
  const cloud = target.kind === 'local' ? await startBareCloud({ services }) : undefined;
  return {
    world: {
      ...placeOf(target, cloud),
      name: (prefix) => `${prefix}-${randomBytes(6).toString('hex')}`.slice(-40),
      onEnd: (clean) => void cleans.push(clean),
    },
    async close() {
      const errors: unknown[] = [];
      for (const clean of cleans.splice(0).reverse()) await clean().catch((error: unknown) => errors.push(error));
      await cloud?.close();
      if (errors.length > 0) throw errors[0];
    },
  };
}

function placeOf(
  target: Target,
  cloud: LocalCloud | undefined,
): Pick<World, 'project' | 'region' | 'endpoint' | 'clock'> {
  if (target.kind !== 'local') {
    const { project, region } = target;
    return { project, region, endpoint: target.kind === 'endpoint' ? target.endpoint : undefined, clock: undefined };
  }
  const [project, region] = ['virtuoso-local', 'us-central1'];
  return { project, region, endpoint: `127.0.0.1:${cloud?.port}`, clock: cloud?.clock };
}
