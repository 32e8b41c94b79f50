import assert from 'node:assert/strict';
import type { Answer } from '../../chain/api.ts';
import { assertDocumented } from '../../chain/documented.ts';
import type { RawRequest } from './request.ts';

const REQUEST_ID = /^[\w.-]{1,128}$/;

/** What is wrong with an answer, whatever the request was; undefined when it is as the API promises. */
export function judge({ method, path, headers }: RawRequest, answer: Answer): string | undefined {
  try {
    const { status, body } = answer;
    if (status === 404 && fromUrlMap(method, answer)) return undefined;
    assert.ok(status < 500 || path.startsWith('/health/ready'), `${status}: ${JSON.stringify(body).slice(0, 500)}`);
    const id = answer.headers.get('x-request-id');
    assert.match(id ?? '', REQUEST_ID, 'there is no x-request-id');
    const given = headers['x-request-id'];
    if (typeof given === 'string' && REQUEST_ID.test(given)) assert.equal(id, given);
    assertPlain(answer);
    assertDescribed(method, path, answer);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What no function is asked is refused before one: by the load balancer, and here by the host. */
const fromUrlMap = (method: string, { body, headers }: Answer): boolean =>
  method === 'HEAD' ? !headers.has('x-request-id') : (body as { type?: string } | null)?.type === 'about:blank';

/** Refusals say nothing of the inside. */
function assertPlain({ status, body }: Answer): void {
  if (status < 400) return;
  assert.doesNotMatch(
    JSON.stringify(body),
    /node_modules|node:internal|\n\s+at |\\n\s+at |INVALID_ARGUMENT|@google-cloud/,
  );
}

function assertDescribed(method: string, path: string, answer: Answer): void {
  if (method === 'OPTIONS') {
    assert.ok([204, 404].includes(answer.status), `OPTIONS answers ${answer.status}`);
    return;
  }
  const known = plainPath(path);
  if (method !== 'HEAD') assertDocumented(method, known, answer);
  else {
    assert.equal(answer.body, '', 'HEAD has a body');
    if (answer.status < 400) return;
    assert.ok([401, 403, 404, 405, 400, 429].includes(answer.status), `HEAD answers ${answer.status}`);
  }
}

/** The path as it is looked up: dots resolved, what need not be encoded decoded. */
function plainPath(path: string): string {
  const { pathname } = new URL(`http://a${path.replace(/#.*/, '')}`);
  try {
    return decodeURI(pathname);
  } catch {
    return pathname;
  }
}
