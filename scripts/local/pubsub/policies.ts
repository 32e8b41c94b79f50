import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';
import { type Binding, faultOfBinding, mergeBindings } from '../plumbing/iam-bindings.ts';
import type { Store } from '../plumbing/store.ts';
import { invalid, refuseFields } from './names.ts';

interface PolicyBinding extends Binding {
  readonly condition: Readonly<Record<string, string>> | null;
}

/** `google.iam.v1.Policy`. */
export interface Policy {
  readonly version: number;
  readonly bindings: readonly PolicyBinding[];
  readonly etag: Uint8Array;
}

interface PolicyRow {
  readonly revision: number;
  readonly bindings: string;
}

/** The tag that Google gives a resource whose policy was never set. */
const NEVER_SET = Buffer.from('ACAB', 'base64');

/** The IAM policies of topics, subscriptions, snapshots and schemas, as they are stored. They end with what they are of. */
export class Policies {
  readonly #store: Store;

  /** @param store where the tables of what has policies are already. */
  constructor(store: Store) {
    this.#store = store;
    store.exec(`CREATE TABLE IF NOT EXISTS pubsub_policies (
      revision INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT NOT NULL UNIQUE, bindings TEXT NOT NULL)`);
    for (const table of ['pubsub_topics', 'pubsub_holders', 'pubsub_schemas']) {
      store.exec(`CREATE TRIGGER IF NOT EXISTS ${table}_policies AFTER DELETE ON ${table}
        BEGIN DELETE FROM pubsub_policies WHERE resource = old.name; END`);
    }
  }

  get(resource: string): Policy {
    const row = this.#store.get<PolicyRow>(
      'SELECT revision, bindings FROM pubsub_policies WHERE resource = ?',
      resource,
    );
    if (!row) return { version: 0, bindings: [], etag: NEVER_SET };
    const bindings = JSON.parse(row.bindings) as PolicyBinding[];
    const etag = Buffer.alloc(8);
    etag.writeBigUInt64BE(BigInt(row.revision));
    return { version: bindings.some(({ condition }) => condition) ? 3 : 1, bindings, etag };
  }

  /** Sets the whole policy. @throws RpcError INVALID_ARGUMENT; ABORTED when an etag is given that is not the policy's */
  set(resource: string, policy: Policy): Policy {
    refuseFields('Policy', policy, ['auditConfigs']);
    const bindings = checkBindings(policy);
    if (policy.etag.length > 0 && Buffer.compare(policy.etag, this.get(resource).etag) !== 0) {
      throw new RpcError(
        status.ABORTED,
        'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
      );
    }
    this.#store.run(
      'INSERT OR REPLACE INTO pubsub_policies (resource, bindings) VALUES (?, ?)',
      resource,
      JSON.stringify(bindings),
    );
    return this.get(resource);
  }
}

/**
 * A policy as it is told to who asks for a version that has no conditions: their bindings have roles of other names.
 * @see https://cloud.google.com/iam/docs/policies#versions
 */
export function withoutConditions({ bindings, etag }: Policy): Policy {
  return {
    ...{ version: bindings.length > 0 ? 1 : 0, etag },
    bindings: bindings.map(({ role, members, condition }) => {
      const hash = createHash('sha256').update(JSON.stringify(condition)).digest('hex').slice(0, 20);
      return { role: condition ? `${role}_withcond_${hash}` : role, members, condition: null };
    }),
  };
}

function checkBindings({ version, bindings }: Policy): readonly PolicyBinding[] {
  if (![0, 1, 3].includes(version)) throw invalid(`Policy.version must be 0, 1 or 3, not ${version}.`);
  for (const binding of bindings) {
    const fault = faultOfBinding(binding);
    if (fault !== undefined) throw invalid(fault);
    if (binding.condition && version !== 3) throw invalid('A policy with conditions must have version 3.');
  }
  return mergeBindings(bindings);
}
