import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

const PARENT = /^projects\/[^/]+$/;
const SECRET = /^(projects\/[^/]+)\/secrets\/([A-Za-z0-9_-]{1,255})$/;
const VERSION = /^(projects\/[^/]+\/secrets\/[A-Za-z0-9_-]{1,255})\/versions\/([A-Za-z0-9_-]{1,63})$/;
const REGIONAL = /^projects\/[^/]+\/locations\//;

/** The name of a project: `projects/P`. */
export function parentName(name: string): string {
  return check(PARENT, name, 'projects/PROJECT')[0];
}

/** The name of a secret: `projects/P/secrets/S`. */
export function secretName(name: string): string {
  return check(SECRET, name, 'projects/PROJECT/secrets/SECRET')[0];
}

/** The parts of a version's name: its secret, and a number, an alias or `latest`. */
export function versionName(name: string): { secret: string; version: string } {
  const [, secret = '', version = ''] = check(VERSION, name, 'projects/PROJECT/secrets/SECRET/versions/VERSION');
  return { secret, version };
}

function check(pattern: RegExp, name: string, form: string): RegExpExecArray {
  if (REGIONAL.test(name))
    throw new RpcError(status.UNIMPLEMENTED, `${name}: regional secrets are not supported locally`);
  const match = pattern.exec(name);
  if (!match) throw new RpcError(status.INVALID_ARGUMENT, `the name "${name}" does not have the form ${form}`);
  return match;
}
