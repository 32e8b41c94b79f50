import type { Call } from './call.ts';
import { listingOf, listObjects } from './listing.ts';
import { xmlEtag } from './resources.ts';
import type { Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';
import { escapeXml } from './xml-error.ts';

/**
 * `GET /BUCKET`: the objects as XML, as a signed URL of a bucket gives them.
 * @see https://cloud.google.com/storage/docs/xml-api/get-bucket-list
 */
export function listBucket({ context, buckets }: Storage, call: Call, bucket: string): void {
  buckets.get(bucket);
  context.meter('storage.class_a');
  const { params } = call;
  const second = params.get('list-type') === '2';
  const limit = params.get('max-keys');
  const listing = listingOf(
    new URLSearchParams({
      prefix: params.get('prefix') ?? '',
      delimiter: params.get('delimiter') ?? '',
      ...(limit !== null && { maxResults: limit }),
      pageToken: params.get(second ? 'continuation-token' : 'marker') ?? '',
    }),
  );
  const { items, prefixes, nextPageToken } = listObjects(context.store, bucket, listing);
  const next = nextPageToken && element(second ? 'NextContinuationToken' : 'NextMarker', nextPageToken);
  const body = [
    element('Name', bucket),
    element('Prefix', listing.prefix),
    element('IsTruncated', String(nextPageToken !== undefined)),
    next ?? '',
    ...items.map(contents),
    ...prefixes.map((prefix) => `<CommonPrefixes>${element('Prefix', prefix)}</CommonPrefixes>`),
  ].join('');
  call.response
    .writeHead(200, { 'content-type': 'application/xml; charset=UTF-8' })
    .end(
      `<?xml version='1.0' encoding='UTF-8'?><ListBucketResult xmlns='http://doc.s3.amazonaws.com/2006-03-01'>${body}</ListBucketResult>`,
    );
}

function contents(row: ObjectRow): string {
  const fields = [
    element('Key', row.name),
    element('Generation', String(row.generation)),
    element('MetaGeneration', String(row.metageneration)),
    element('LastModified', new Date(row.updated).toISOString()),
    element('ETag', xmlEtag(row)),
    element('Size', String(row.size)),
    element('StorageClass', row.storage_class),
  ];
  return `<Contents>${fields.join('')}</Contents>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}
