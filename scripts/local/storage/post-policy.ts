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
const FREE = /^(policy|x-goog-signature|file|x-ignore-.*)$/;
/**
 * Checks the policy of a form: its signature, that it has not expired (by the local clock), and its conditions.
 * @see https://cloud.google.com/storage/docs/authentication/signatures#policy-document
 * @throws XmlError 400, 403.
 */
export function checkPolicy({ context }: Storage, fields: Fields, bucket: string): Limits {
  const encoded = fields.get('policy');
  if (encoded === undefined)
    throw new XmlError(403, 'AccessDenied', 'The form has no policy: anonymous uploads are not allowed.');
  const signature = Buffer.from(fields.get('x-goog-signature') ?? '', 'hex');
  if (fields.get('x-goog-algorithm') !== 'GOOG4-RSA-SHA256' || !isSignedLocally(context, encoded, signature)) {
    throw new XmlError(403, 'SignatureDoesNotMatch', 'Access denied: the policy was not signed by the local cloud.');
  }
  const { expiration, conditions } = parsePolicy(encoded);
  const from = parseDate(fields.get('x-goog-date') ?? '');
  const until = Date.parse(expiration);
  if (from === undefined || Number.isNaN(until)) throw violated('its expiration or x-goog-date is not valid');
  checkTime(context.clock, from, until - from);
  return checkConditions(conditions, new Map([...fields, ['bucket', bucket]]));
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
  throw new XmlError(400, 'InvalidPolicyDocument', 'The policy is not a JSON object with expiration and conditions.');
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
      if (!holds) throw violated(`["${operator}", "$${name}", "${value}"] does not hold`);
    }
  }
  const extra = [...fields.keys()].find((name) => !mentioned.has(name) && !FREE.test(name) && name !== 'bucket');
  if (extra !== undefined) throw violated(`the form has the field ${extra}, which no condition mentions`);
  return limits;
}

function comparisons(condition: unknown): (readonly [string, string, string])[] {
  if (isJson(condition)) {
    return Object.entries(condition).map(([name, value]) => ['eq', name.toLowerCase(), String(value)] as const);
  }
  const [operator, name, value] = Array.isArray(condition) ? condition.map(String) : [];
  if ((operator !== 'eq' && operator !== 'starts-with') || !name?.startsWith('$')) {
    throw new XmlError(
      400,
      'InvalidPolicyDocument',
      `The policy has a condition of no known form: ${JSON.stringify(condition)}`,
    );
  }
  return [[operator, name.slice(1).toLowerCase(), value ?? '']];
}

function violated(why: string): XmlError {
  return new XmlError(403, 'AccessDenied', `Invalid according to Policy: Policy Condition failed: ${why}`);
}
