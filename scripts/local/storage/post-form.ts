import { givenFields } from './access.ts';
import { answerEmpty, type Call, header } from './call.ts';
import { verify } from './digest.ts';
import { invalid, unsupported } from './errors.ts';
import { patchFields } from './object-fields.ts';
import { checkPolicy, type Fields } from './post-policy.ts';
import { xmlEtag } from './resources.ts';
import type { Storage } from './storage.ts';
import { escapeXml, XmlError } from './xml-error.ts';

/** The object of a form. */
interface Made {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
}

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'cacheControl',
  'content-disposition': 'contentDisposition',
  'content-encoding': 'contentEncoding',
  'content-language': 'contentLanguage',
  'content-type': 'contentType',
};

/** Fields of Google's own, but those of signatures and of metadata. */
const UNSUPPORTED = /^x-goog-(?!meta-|(algorithm|credential|date|signature)$)/;

/**
 * `POST /BUCKET`: an HTML form that uploads a file by a signed policy document. The form is read whole.
 * @see https://cloud.google.com/storage/docs/xml-api/post-object-forms
 * @throws XmlError 400, 403; HttpError 501 with the name of a field.
 */
export async function receiveForm(storage: Storage, call: Call, bucket: string): Promise<void> {
  const { fields, file } = await readForm(call);
  const { least, most } = checkPolicy(storage, fields, bucket);
  const { objects, blobs, context } = storage;
  context.meter('storage.class_a');
  const name = (fields.get('key') ?? '').replaceAll('$' + '{filename}', file.name);
  const object = {
    bucket,
    name,
    fields: { ...objectFields(fields), ...givenFields(storage, bucket, fields.get('acl')) },
    conditions: {},
  };
  objects.prepare(object);
  if (file.size < least) throw new XmlError(400, 'EntityTooSmall', `The file has less than ${least} bytes.`);
  if (file.size > most) throw new XmlError(400, 'EntityTooLarge', `The file has more than ${most} bytes.`);
  const content = await blobs.receive(file.stream());
  try {
    const md5 = fields.get('content-md5');
    verify(md5 === undefined ? {} : { md5 }, content);
  } catch (error) {
    blobs.remove(content.blob);
    throw error;
  }
  const row = objects.put(object, content);
  sendResult(call, fields, { bucket, key: name, etag: xmlEtag(row) });
}

async function readForm(call: Call): Promise<{ fields: Fields; file: File }> {
  const type = header(call, 'content-type') ?? '';
  if (!/^multipart\/form-data/i.test(type)) throw invalid('A POST to a bucket is a form: multipart/form-data.');
  const chunks: Buffer[] = [];
  for await (const chunk of call.request) chunks.push(chunk as Buffer);
  const fields = new Map<string, string>();
  let file: File | undefined;
  const form = await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData().catch(() => {
    throw invalid('The form is malformed.');
  });
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.set(name.toLowerCase(), value);
    else if (name === 'file') file = value;
  }
  const text = fields.get('file');
  file ??= text === undefined ? undefined : new File([text], '');
  if (!file) throw new XmlError(400, 'InvalidArgument', 'The form has no file field.');
  return { fields, file };
}

function objectFields(fields: Fields) {
  const patch: Record<string, unknown> = { contentType: 'application/octet-stream' };
  const metadata: Record<string, string> = {};
  for (const [name, value] of fields) {
    const property = HEADERS[name];
    if (UNSUPPORTED.test(name)) throw unsupported(`The field ${name} of a form`);
    if (property !== undefined) patch[property] = value;
    if (name.startsWith('x-goog-meta-')) metadata[name.slice('x-goog-meta-'.length)] = value;
  }
  return patchFields({}, { ...patch, metadata });
}

function sendResult(call: Call, fields: Fields, made: Made): void {
  const location = `${call.origin}/${made.bucket}/${encodeURIComponent(made.key)}`;
  const redirect = fields.get('success_action_redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries<string>({ ...made })) target.searchParams.set(name, value);
    answerEmpty(call, 303, { location: target.href });
    return;
  }
  const status = Number(fields.get('success_action_status'));
  if (status === 201) sendCreated(call, made, location);
  else answerEmpty(call, status === 200 ? 200 : 204, { etag: made.etag, location });
}

function sendCreated(call: Call, made: Made, location: string): void {
  const body = [
    ['Location', location],
    ['Bucket', made.bucket],
    ['Key', made.key],
    ['ETag', made.etag],
  ].map(([name, value]) => `<${name}>${escapeXml(value ?? '')}</${name}>`);
  call.response
    .writeHead(201, { 'content-type': 'application/xml; charset=UTF-8', etag: made.etag, location })
    .end(`<?xml version='1.0' encoding='UTF-8'?><PostResponse>${body.join('')}</PostResponse>`);
}
