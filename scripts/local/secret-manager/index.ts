import { status } from '@grpc/grpc-js';
import { crc32c } from '../plumbing/crc32c.ts';
import { implement, loadService, RpcError, unary } from '../plumbing/grpc.ts';
import type { CreateService, ServiceContext } from '../plumbing/service.ts';
import { fieldsOfNew, fieldsOfUpdate, replicationOf } from './fields.ts';
import { filterOf, pageOf } from './lists.ts';
import type { SecretMessage, VersionState } from './messages.ts';
import { parentName, secretName, versionName } from './names.ts';
import { Secrets, secretMessage } from './secrets.ts';
import { nameOf, type VersionRow, Versions, versionMessage } from './versions.ts';

interface ListRequest {
  readonly parent: string;
  readonly pageSize: number;
  readonly pageToken: string;
  readonly filter: string;
}

interface Named {
  readonly name: string;
  readonly etag?: string;
}

const PROTOS = '@google-cloud/secret-manager/build/protos/protos.json';
const SERVICE = 'google.cloud.secretmanager.v1.SecretManagerService';

/**
 * Secret Manager (global secrets) over gRPC. Payloads are stored as they are: the data folder is as secret as they.
 * @see https://cloud.google.com/secret-manager/docs/reference/rpc/google.cloud.secretmanager.v1
 */
export const createSecretManager: CreateService = (context) => {
  const secrets = new Secrets(context);
  const versions = new Versions(context, secrets);
  const methods = { ...secretMethods(context, secrets, versions), ...versionMethods(context, secrets, versions) };
  return { name: 'secret-manager', grpc: [implement(loadService(PROTOS, SERVICE), methods)] };
};

function secretMethods({ clock, store }: ServiceContext, secrets: Secrets, versions: Versions) {
  return {
    createSecret: unary((request: { parent: string; secretId: string; secret: SecretMessage | null }) => {
      const name = secretName(`${parentName(request.parent)}/secrets/${request.secretId}`);
      if (!request.secret) throw new RpcError(status.INVALID_ARGUMENT, 'the request has no secret');
      const fields = fieldsOfNew(request.secret, clock.now());
      return secretMessage(secrets.create(name, replicationOf(request.secret), fields));
    }),
    getSecret: unary(({ name }: Named) => secretMessage(secrets.get(secretName(name)))),
    listSecrets: unary(({ parent, pageSize, pageToken, filter }: ListRequest) => {
      const matches = filterOf(filter);
      const all = secrets.list(parentName(parent)).filter((row) => {
        return matches({ fields: { name: row.name }, labels: JSON.parse(row.labels) });
      });
      const { items, ...page } = pageOf(all, pageSize, pageToken);
      return { ...page, secrets: items.map(secretMessage) };
    }),
    updateSecret: unary((request: { secret: SecretMessage | null; updateMask: { paths: string[] } | null }) => {
      const { secret } = request;
      if (!secret) throw new RpcError(status.INVALID_ARGUMENT, 'the request has no secret');
      const name = secretName(secret.name);
      const change = fieldsOfUpdate(secret, request.updateMask?.paths ?? [], clock.now());
      return store.transaction(() => {
        if (change.aliases) for (const number of Object.values(secret.versionAliases)) versions.get(name, number);
        return secretMessage(secrets.update(name, secret.etag, change));
      });
    }),
    deleteSecret: unary(({ name, etag }: Named) => {
      secrets.delete(secretName(name), etag);
      return {};
    }),
  };
}

function versionMethods(context: ServiceContext, secrets: Secrets, versions: Versions) {
  const answer = (row: VersionRow) => versionMessage(row, secrets.get(row.secret));
  const find = (name: string) => {
    const { secret, version } = versionName(name);
    return versions.get(secret, version);
  };
  const move = (state: VersionState) =>
    unary(({ name, etag }: Named) => answer(versions.setState(find(name), state, etag)));

  return {
    addSecretVersion: unary((request: { parent: string; payload: { data: Buffer; dataCrc32c?: string } | null }) => {
      if (!request.payload) throw new RpcError(status.INVALID_ARGUMENT, 'the request has no payload');
      return answer(versions.add(secretName(request.parent), request.payload.data, request.payload.dataCrc32c));
    }),
    getSecretVersion: unary(({ name }: Named) => answer(find(name))),
    listSecretVersions: unary(({ parent, pageSize, pageToken, filter }: ListRequest) => {
      const matches = filterOf(filter);
      const all = versions.list(secretName(parent)).filter((row) => {
        return matches({ fields: { name: nameOf(row), state: row.state }, labels: {} });
      });
      const { items, ...page } = pageOf(all, pageSize, pageToken);
      return { ...page, versions: items.map(answer) };
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
