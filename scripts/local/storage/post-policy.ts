import { unsupported } from './errors.ts';
import { isJson } from './object-fields.ts';
import { checkTime, isSignedLocally, parseDate } from './signature.ts';
import type { Storage } from './storage.ts';
import { XmlError } from './xml-error.ts';

/** The fields of a form, by their names in lower case. */
export type Fields = ReadonlyMap<string, string>;

/** How many bytes a policy lets the file have. */
export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Fields that no condition need mention. */
const FREE = /^(policy|x-goog-signature|googleaccessid|signature|file|x-ignore-.*)$/;

/**
 * Checks the policy of a form, of version 4 or 2: its signature, that it has not expired, and its conditions. Version 4
 * expires by the local clock; version 2 does not say when it was signed and expires by the real time.
 * @see https://cloud.google.com/storage/docs/authentication/signatures#policy-document
 * @throws XmlError 400, 403; HttpError 501 for another algorithm.
 */
export function checkPolicy({ context }: Storage, fields: Fields, bucket: string): Limits {
  const encoded = fields.get('policy');
  if (encoded === undefined)
    throw new XmlError(403, 'AccessDenied', 'The form has no policy: anonymous uploads are not allowed.');
  if (!isSignedLocally(context, encoded, signatureOf(fields))) {
    throw new XmlError(403, 'SignatureDoesNotMatch', 'Access denied: the policy was not signed by the local cloud.');
  }
  const { expiration, conditions } = parsePolicy(encoded);
  const until = Date.parse(expiration);
  const from = fields.has('x-goog-signature') ? parseDate(fields.get('x-goog-date') ?? '') : Date.now();
  if (from === undefined || Number.isNaN(until)) throw violated('Its expiration or x-goog-date is not valid.');
  checkTime(context.clock, from, until - from);
  return checkConditions(conditions, new Map([...fields, ['bucket', bucket]]));
}

/** The signature of version 4, else that of version 2. */
function signatureOf(fields: Fields): Buffer {
  const hex = fields.get('x-goog-signature');
  if (hex === undefined) return Buffer.from(fields.get('signature') ?? '', 'base64');
  const algorithm = fields.get('x-goog-algorithm') ?? '';
  if (algorithm !== 'GOOG4-RSA-SHA256') throw unsupported(`The x-goog-algorithm ${algorithm} of a form`);
  return Buffer.from(hex, 'hex');
}

function parsePolicy(encoded: string): { expiration: string; conditions: readonly unknown[] } {
  try {
    const policy: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString());
    if (isJson(policy) && typeof policy.expiration === 'string' && Array.isArray(policy.conditions)) {
      return { expiration: policy.expiration, conditions: policy.conditions };
    }
  } catch {
    // Falls through to the answer below.
  }
  throw violated('The policy is not a JSON object with expiration and conditions.');
}

function checkConditions(conditions: readonly unknown[], fields: Fields): Limits {
  const mentioned = new Set<string>();
  let limits: Limits = { least: 0, most: Number.POSITIVE_INFINITY };
  for (const condition of conditions) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') {
      limits = { least: Number(condition[1]), most: Number(condition[2]) };
      continue;
    }
    for (const [operator, name, value] of comparisons(condition)) {
      mentioned.add(name);
      const actual = fields.get(name) ?? '';
      const holds = operator === 'starts-with' ? actual.startsWith(value) : actual === value;
      if (!holds) throw violated(`Rejected by policy condition: ["${operator}", "$${name}", "${value}"]`);
    }
  }
  const extra = [...fields.keys()].filter((name) => !mentioned.has(name) && !FREE.test(name) && name !== 'bucket');
  if (extra.length > 0) throw violated(`Policy did not reference these fields: ${extra.join(', ')}`);
  return limits;
}

function comparisons(condition: unknown): (readonly [string, string, string])[] {
  if (isJson(condition)) {
    return Object.entries(condition).map(([name, value]) => ['eq', name.toLowerCase(), String(value)] as const);
  }
  const [operator, name, value] = Array.isArray(condition) ? condition.map(String) : [];
  if ((operator !== 'eq' && operator !== 'starts-with') || !name?.startsWith('$')) {
    throw violated(`The policy has a condition of no known form: ${JSON.stringify(condition)}`);
  }
  return [[operator, name.slice(1).toLowerCase(), value ?? '']];
}

function violated(details: string): XmlError {
  const message = 'The content of the form does not meet the conditions specified in the policy document.';
  return new XmlError(400, 'InvalidPolicyDocument', message, details);
}
