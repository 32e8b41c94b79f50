import { type KeyObject, randomBytes, sign } from 'node:crypto';

const TAG = {
  integer: 0x02,
  bits: 0x03,
  nothing: 0x05,
  identifier: 0x06,
  utf8: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
};

/** Object identifiers, DER-encoded: sha256WithRSAEncryption (RFC 8017) and commonName (RFC 5280). */
const SHA256_WITH_RSA = Buffer.from('2a864886f70d01010b', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');

/**
 * A self-signed X.509 certificate (RFC 5280, version 1: no extensions) for an RSA key, as PEM.
 * Google publishes its signing keys in this form; the runtime can read certificates but not make them.
 */
export function selfSignedCertificate(options: {
  name: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  from: Date;
  to: Date;
}): string {
  const algorithm = der(TAG.sequence, der(TAG.identifier, SHA256_WITH_RSA), der(TAG.nothing));
  const attribute = der(TAG.sequence, der(TAG.identifier, COMMON_NAME), der(TAG.utf8, Buffer.from(options.name)));
  const name = der(TAG.sequence, der(TAG.set, attribute));
  const body = der(
    TAG.sequence,
    // The first bit stays clear: a serial number is positive.
    der(TAG.integer, Buffer.from([0x01]), randomBytes(15)),
    algorithm,
    name,
    der(TAG.sequence, time(options.from), time(options.to)),
    name,
    options.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, options.privateKey);
  const certificate = der(TAG.sequence, body, algorithm, der(TAG.bits, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  return bytes < 0x100 ? Buffer.from([0x81, bytes]) : Buffer.from([0x82, bytes >> 8, bytes & 0xff]);
}

/** RFC 5280 wants UTCTime before 2050; every reader accepts GeneralizedTime as well. */
function time(date: Date): Buffer {
  return der(TAG.time, Buffer.from(`${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`));
}
