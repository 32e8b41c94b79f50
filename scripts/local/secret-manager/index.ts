import { status } from '@grpc/grpc-js';
import { Alarm } from '../plumbing/alarm.ts';
import { crc32c } from '../plumbing/crc32c.ts';
import { implement, loadService, RpcError, unary } from '../plumbing/grpc.ts';
import { type PageRequest, pageOf } from '../plumbing/pages.ts';
import type { CreateService, ServiceContext } from '../plumbing/service.ts';
import { fieldsOfNew, fieldsOfUpdate, replicationOf, type SecretChange } from './fields.ts';
import { filterOf } from './filters.ts';
import { type SecretMessage, toJson, type VersionState } from './messages.ts';
import { parentName, secretName, versionName } from './names.ts';
import { Notices } from './notices.ts';
import { checkRotation } from './rotation.ts';
import { Secrets, secretMessage, topicsOfRow } from './secrets.ts';
import { nameOf, type VersionRow, Versions, versionMessage } from './versions.ts';

interface ListRequest extends PageRequest {
  readonly parent: string;
  readonly filter: string;
}

interface Named {
  readonly name: string;
  readonly etag?: string;
}

const PROTOS = '@google-cloud/secret-manager/build/protos/protos.json';
const SERVICE = 'google.cloud.secretmanager.v1.SecretManagerService';
const PAGES = { usual: 100, largest: 25_000 };
const SECRET_FIELDS = [
  'name',
  'replication',
  'createTime',
  'labels',
  'annotations',
  'versionAliases',
  'etag',
  'expireTime',
  'topics',
  'rotation',
  'versionDestroyTtl',
];
const VERSION_FIELDS = [
  'name',
  'createTime',
  'destroyTime',
  'scheduledDestroyTime',
  'state',
  'replicationStatus',
  'etag',
];

/** What the methods work with. */
interface Parts {
  readonly context: ServiceContext;
  readonly secrets: Secrets;
  readonly versions: Versions;
  readonly notices: Notices;
  /** To be called after a change: sets the alarm for what is due next. */
  plan(): void;
}

/**
 * Secret Manager (global secrets) over gRPC. Payloads are stored as they are: the data folder is as secret as they.
 * Topics are told of every change, and by the clock of rotations and expiries.
 * @see https://cloud.google.com/secret-manager/docs/reference/rpc/google.cloud.secretmanager.v1
 */
export const createSecretManager: CreateService = (context) => {
  const notices = new Notices(context);
  const secrets = new Secrets(context, notices);
  const versions = new Versions(context, secrets, notices);
  const alarm = new Alarm(context.clock, () => {
    secrets.actOnTime();
    versions.actOnTime();
    plan();
  });
  const plan = () => {
    const due = [secrets.nextDue(), versions.nextDue()].filter((time) => time !== undefined);
    alarm.set(due.length > 0 ? Math.min(...due) : undefined);
  };
  const parts: Parts = { context, secrets, versions, notices, plan };
  const methods = { ...secretMethods(parts), ...versionMethods(parts) };
  return {
    name: 'secret-manager',
    grpc: [implement(loadService(PROTOS, SERVICE), methods)],
    start() {
      notices.start();
      plan();
    },
    pending: () => notices.pending(),
    close() {
      alarm.set(undefined);
      notices.close();
    },
  };
};

function secretMethods({ context, secrets, versions, notices, plan }: Parts) {
  const { clock, store } = context;
  /** Topics that a secret has not told before must take a message. */
  const configure = async (change: SecretChange, name: string, present: readonly string[]) => {
    const wanted = change.topics === undefined ? [] : (JSON.parse(change.topics) as string[]);
    for (const topic of wanted) if (!present.includes(topic)) await notices.configure(topic, name);
  };
  return {
    createSecret: unary(async (request: { parent: string; secretId: string; secret: SecretMessage | null }) => {
      const name = secretName(`${parentName(request.parent)}/secrets/${request.secretId}`);
      if (!request.secret) throw new RpcError(status.INVALID_ARGUMENT, 'the request has no secret');
      const fields = fieldsOfNew(request.secret, clock.now());
      checkRotation(fields);
      const replication = replicationOf(request.secret);
      if (!secrets.find(name)) await configure(fields, name, []);
      const made = secretMessage(secrets.create(name, replication, fields));
      plan();
      return made;
    }),
    getSecret: unary(({ name }: Named) => secretMessage(secrets.get(secretName(name)))),
    listSecrets: unary(({ parent, filter, ...request }: ListRequest) => {
      const matches = filterOf(filter, SECRET_FIELDS);
      const all = secrets.list(parentName(parent)).map(secretMessage);
      const { items, ...page } = pageOf(
        all.filter((secret) => matches(toJson(secret))),
        request,
        PAGES,
      );
      return { ...page, secrets: items };
    }),
    updateSecret: unary(async (request: { secret: SecretMessage | null; updateMask: { paths: string[] } | null }) => {
      const { secret } = request;
      if (!secret) throw new RpcError(status.INVALID_ARGUMENT, 'the request has no secret');
      const name = secretName(secret.name);
      const change = fieldsOfUpdate(secret, request.updateMask?.paths ?? [], clock.now());
      await configure(change, name, topicsOfRow(secrets.get(name)));
      const updated = store.transaction(() => {
        if (change.aliases) for (const number of Object.values(secret.versionAliases)) versions.get(name, number);
        return secretMessage(secrets.update(name, secret.etag, change));
      });
      plan();
      return updated;
    }),
    deleteSecret: unary(({ name, etag }: Named) => {
      secrets.delete(secretName(name), etag);
      plan();
      return {};
    }),
  };
}

function versionMethods({ context, secrets, versions, plan }: Parts) {
  const answer = (row: VersionRow) => versionMessage(row, secrets.get(row.secret));
  const find = (name: string) => {
    const { secret, version } = versionName(name);
    return versions.get(secret, version);
  };
  const move = (state: VersionState) =>
    unary(({ name, etag }: Named) => {
      const moved = answer(versions.setState(find(name), state, etag));
      plan();
      return moved;
    });

  return {
    addSecretVersion: unary((request: { parent: string; payload: { data: Buffer; dataCrc32c?: string } | null }) => {
      if (!request.payload) throw new RpcError(status.INVALID_ARGUMENT, 'the request has no payload');
      return answer(versions.add(secretName(request.parent), request.payload.data, request.payload.dataCrc32c));
    }),
    getSecretVersion: unary(({ name }: Named) => answer(find(name))),
    listSecretVersions: unary(({ parent, filter, ...request }: ListRequest) => {
      const matches = filterOf(filter, VERSION_FIELDS);
      const all = versions.list(secretName(parent)).map(answer);
      const { items, ...page } = pageOf(
        all.filter((version) => matches(toJson(version))),
        request,
        PAGES,
      );
      return { ...page, versions: items };
    }),
    accessSecretVersion: unary(({ name }: Named) => {
      context.meter('secretmanager.access');
      const row = find(name);
      const data = versions.payload(row);
      return { name: nameOf(row), payload: { data, dataCrc32c: String(crc32c(data)) } };
    }),
    enableSecretVersion: move('ENABLED'),
    disableSecretVersion: move('DISABLED'),
    destroySecretVersion: move('DESTROYED'),
  };
}
