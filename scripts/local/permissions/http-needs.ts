import { type Needs, reading, writing } from './needs.ts';

/**
 * What an HTTP request to Cloud Storage or BigQuery needs; undefined when it is for neither. Which tables a query reads is
 * not looked at: whoever may read any may send queries.
 */
export function httpNeeds(method: string, { pathname }: URL): Needs | undefined {
  const storage = /^\/(?:upload\/|download\/)?storage\/v1\/b\/([^/]+)(\/o(?:\/|$).*)?$/.exec(pathname);
  if (storage) return storageNeeds(method, storage[1] ?? '', storage[2]);
  if (pathname.startsWith('/storage/v1/') || pathname.startsWith('/upload/storage/v1/')) return 'refused';
  if (pathname.startsWith('/batch/storage/')) return 'refused';
  const bigquery = /\/bigquery\/v2\/projects\/[^/]+(\/.*)$/.exec(pathname);
  return bigquery ? bigqueryNeeds(method, bigquery[1] ?? '') : undefined;
}

function storageNeeds(method: string, bucket: string, objects: string | undefined): Needs {
  // No role of a function lets it say who else may do what.
  if (objects === undefined || /^\/o\/[^/]+\/acl(\/|$)/.test(objects)) return 'refused';
  const target = /\/(?:rewriteTo|copyTo)\/b\/([^/]+)\//.exec(objects)?.[1];
  if (target !== undefined) return [reading('bucket', bucket), writing('bucket', target)];
  return [method === 'GET' || method === 'HEAD' ? reading('bucket', bucket) : writing('bucket', bucket)];
}

function bigqueryNeeds(method: string, path: string): Needs {
  if (/^\/(queries|jobs)(\/|$)/.test(path)) return 'query';
  const table = /^\/datasets\/[^/]+\/tables\/(\w+)(\/.*)?$/.exec(path);
  if (!table) return 'refused';
  const [, name = '', rest = ''] = table;
  if (method === 'GET') return [reading('table', name)];
  return rest === '/insertAll' ? [writing('table', name)] : 'refused';
}
