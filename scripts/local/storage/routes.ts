import { getPolicy, setPolicy, testPermissions } from './access.ts';
import { type AclOwner, serveAcl } from './acl-methods.ts';
import {
  deleteBucket,
  deleteNotification,
  getBucket,
  getNotification,
  insertBucket,
  insertNotification,
  listBuckets,
  listNotifications,
  lockRetention,
  patchBucket,
} from './bucket-methods.ts';
import type { Call } from './call.ts';
import { composeObject, copyObject, moveObject } from './copying.ts';
import { unsupported } from './errors.ts';
import { deleteObject, getObject, listObjectsOf, patchObject, uploadObject } from './object-methods.ts';
import { rewriteObject } from './rewriting.ts';
import type { OperationClass, Storage } from './storage.ts';

type Handle = (
  storage: Storage,
  call: Call,
  bucket: string,
  name: string,
  rest: readonly string[],
) => void | Promise<void>;

interface Route {
  readonly method: string;
  /** Segments below `/b`; `*` stands for any one. */
  readonly path: string;
  readonly upload?: true;
  readonly meter?: OperationClass;
  readonly handle: Handle;
}

const A: OperationClass = 'storage.class_a';
const B: OperationClass = 'storage.class_b';

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '', meter: A, handle: listBuckets },
  { method: 'POST', path: '', meter: A, handle: insertBucket },
  { method: 'GET', path: '*', meter: B, handle: getBucket },
  { method: 'PATCH', path: '*', meter: A, handle: (...args) => patchBucket(...args, false) },
  { method: 'PUT', path: '*', meter: A, handle: (...args) => patchBucket(...args, true) },
  { method: 'DELETE', path: '*', handle: deleteBucket },
  { method: 'GET', path: '*/iam/testPermissions', meter: B, handle: testPermissions },
  { method: 'GET', path: '*/iam', meter: B, handle: getPolicy },
  { method: 'PUT', path: '*/iam', meter: A, handle: setPolicy },
  { method: 'POST', path: '*/lockRetentionPolicy', meter: A, handle: lockRetention },
  { method: 'GET', path: '*/notificationConfigs', meter: B, handle: listNotifications },
  { method: 'POST', path: '*/notificationConfigs', meter: A, handle: insertNotification },
  { method: 'GET', path: '*/notificationConfigs/*', meter: B, handle: getNotification },
  { method: 'DELETE', path: '*/notificationConfigs/*', handle: deleteNotification },
  ...aclRoutes('*/acl', 'bucket'),
  ...aclRoutes('*/defaultObjectAcl', 'default'),
  ...aclRoutes('*/o/*/acl', 'object'),
  { method: 'GET', path: '*/o', meter: A, handle: listObjectsOf },
  { method: 'POST', path: '*/o', upload: true, handle: uploadObject },
  { method: 'PUT', path: '*/o', upload: true, handle: uploadObject },
  { method: 'DELETE', path: '*/o', upload: true, handle: uploadObject },
  { method: 'GET', path: '*/o/*', meter: B, handle: getObject },
  { method: 'HEAD', path: '*/o/*', meter: B, handle: getObject },
  { method: 'PATCH', path: '*/o/*', meter: A, handle: (...args) => patchObject(...args, false) },
  { method: 'PUT', path: '*/o/*', meter: A, handle: (...args) => patchObject(...args, true) },
  { method: 'DELETE', path: '*/o/*', handle: deleteObject },
  {
    method: 'POST',
    path: '*/o/*/compose',
    meter: A,
    handle: (s, call, bucket, name) => composeObject(s, call, { bucket, name }),
  },
  { method: 'POST', path: '*/o/*/rewriteTo/b/*/o/*', meter: A, handle: between(rewriteObject) },
  { method: 'POST', path: '*/o/*/copyTo/b/*/o/*', meter: A, handle: between(copyObject) },
  {
    method: 'POST',
    path: '*/o/*/moveTo/o/*',
    meter: A,
    handle: (s, call, bucket, name, rest) => moveObject(s, call, { bucket, name }, { bucket, name: rest[2] ?? '' }),
  },
];

/** Answers a request of the JSON API. @param path what follows `/b`, decoded, split at slashes. @throws HttpError 501 for what it does not know. */
export async function serveJson(
  storage: Storage,
  call: Call,
  path: readonly string[],
  isUpload: boolean,
): Promise<void> {
  const { method = 'GET' } = call.request;
  const route = ROUTES.find((candidate) => candidate.method === method && fits(candidate, path, isUpload));
  if (!route) throw unsupported(`${method} ${call.url.pathname}`);
  if (call.request.headers['x-goog-encryption-algorithm']) throw unsupported('x-goog-encryption-algorithm');
  if (route.meter) storage.context.meter(route.meter);
  const [bucket = '', , name = '', ...rest] = path;
  await route.handle(storage, call, bucket, name, rest);
}

function fits(route: Route, path: readonly string[], isUpload: boolean): boolean {
  const parts = route.path === '' ? [] : route.path.split('/');
  if (parts.length !== path.length || (route.upload === true) !== isUpload) return false;
  return parts.every((part, index) => part === '*' || part === path[index]);
}

function aclRoutes(path: string, owner: AclOwner): Route[] {
  const handle: Handle = (storage, call, bucket, name, rest) =>
    owner === 'object'
      ? serveAcl(storage, call, owner, { bucket, name, entity: rest[1] })
      : serveAcl(storage, call, owner, { bucket, name: '', entity: name || undefined });
  const route = (method: string, at: string) => ({ method, path: at, meter: method === 'GET' ? B : A, handle });
  return [
    ...['GET', 'POST'].map((method) => route(method, path)),
    ...['GET', 'PUT', 'PATCH'].map((method) => route(method, `${path}/*`)),
    { method: 'DELETE', path: `${path}/*`, handle },
  ];
}

function between(work: typeof copyObject): Handle {
  return (storage, call, bucket, name, rest) =>
    work(storage, call, { bucket, name }, { bucket: rest[2] ?? '', name: rest[4] ?? '' });
}
