import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isServiceAccount, type Tokens } from './tokens.ts';

const ROOT = '/computeMetadata/v1';
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

/** A directory of metadata, a value, or a value that is made when it is asked for. */
type Entry = Directory | string | number | readonly string[] | Dynamic;
interface Directory {
  readonly [name: string]: Entry;
}
type Dynamic = (query: URLSearchParams) => Promise<Answer>;
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

/** Who the instances of the local cloud are. */
export interface Identity {
  readonly project: string;
  readonly region: string;
  /** Address of the service account that is the default one. */
  readonly serviceAccount: string;
}

/** A project's number: always the same for the same id. */
export function projectNumber(project: string): number {
  return 100_000_000_000 + (createHash('sha256').update(project).digest().readUIntBE(0, 6) % 900_000_000_000);
}

/**
 * The metadata server, version 1, as Cloud Run serves it to its instances.
 * @see https://cloud.google.com/run/docs/container-contract#metadata-server
 */
export function createMetadataServer(identity: Identity, tokens: Tokens) {
  const tree = treeOf(identity, tokens);

  return async function serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const reply = (status: number, body: string, type = 'application/text', headers: Record<string, string> = {}) =>
      response
        .writeHead(status, {
          'metadata-flavor': 'Google',
          server: 'Metadata Server for VM',
          'content-type': type,
          ...headers,
        })
        .end(request.method === 'HEAD' ? undefined : body);

    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void reply(405, 'the metadata is read with GET', 'text/html');
    if (request.headers['metadata-flavor'] !== 'Google' || request.headers['x-forwarded-for'] !== undefined) {
      return void reply(403, 'Missing Metadata-Flavor:Google header (or the request was forwarded).', 'text/html');
    }
    if (url.searchParams.has('wait_for_change'))
      return void reply(501, 'wait_for_change is not supported locally', 'text/html');
    if (!url.pathname.startsWith(`${ROOT}/`)) {
      return void reply(200, url.pathname === '/computeMetadata/' ? 'v1/\n' : 'computeMetadata/\n');
    }
    const path = url.pathname.slice(ROOT.length + 1);
    const entry = find(tree, path.split('/').filter(Boolean), tokens);
    if (entry === undefined) return void reply(404, `no metadata at ${url.pathname}`, 'text/html');
    if (typeof entry === 'function') {
      const answer = await entry(url.searchParams);
      return void reply(answer.status, answer.body, answer.type);
    }
    if (isDirectory(entry) && path !== '' && !path.endsWith('/')) {
      return void reply(301, '', 'text/html', { location: `${url.pathname}/${url.search}` });
    }
    const recursive = url.searchParams.get('recursive') === 'true';
    if (recursive || url.searchParams.get('alt') === 'json') {
      return void reply(
        200,
        JSON.stringify(recursive || !isDirectory(entry) ? toJson(entry) : names(entry)),
        'application/json',
      );
    }
    reply(200, toText(entry));
  };
}

function treeOf(identity: Identity, tokens: Tokens): Directory {
  const number = projectNumber(identity.project);
  const account = accountOf(identity.serviceAccount, tokens);
  return {
    instance: {
      attributes: {},
      id: createHash('sha256').update(`${identity.project}/instance`).digest('hex'),
      region: `projects/${number}/regions/${identity.region}`,
      'service-accounts': { default: account, [identity.serviceAccount]: account },
      zone: `projects/${number}/zones/${identity.region}-1`,
    },
    project: { attributes: {}, 'numeric-project-id': number, 'project-id': identity.project },
    universe: { 'universe-domain': 'googleapis.com' },
  };
}

function accountOf(email: string, tokens: Tokens): Directory {
  return {
    aliases: ['default'],
    email,
    identity: async (query) => {
      const audience = query.get('audience');
      if (!audience) return { status: 400, body: 'non-empty audience parameter required', type: 'text/html' };
      return { status: 200, body: await tokens.identity(audience, email, true), type: 'text/html' };
    },
    scopes: SCOPES,
    token: async (query) => {
      const { token, expires } = tokens.access(email, query.get('scopes')?.split(',') ?? SCOPES);
      const body = { access_token: token, expires_in: Math.floor((expires - Date.now()) / 1000), token_type: 'Bearer' };
      return { status: 200, body: JSON.stringify(body), type: 'application/json' };
    },
  };
}

function find(tree: Directory, path: readonly string[], tokens: Tokens): Entry | undefined {
  const [first, second, third, ...rest] = path;
  if (first === 'instance' && second === 'service-accounts' && third !== undefined && isServiceAccount(third)) {
    return descend(accountOf(third, tokens), rest);
  }
  return descend(tree, path);
}

function descend(tree: Directory, path: readonly string[]): Entry | undefined {
  let entry: Entry | undefined = tree;
  for (const name of path) {
    if (entry === undefined || !isDirectory(entry) || !Object.hasOwn(entry, name)) return undefined;
    entry = entry[name];
  }
  return entry;
}

function isDirectory(entry: Entry): entry is Directory {
  return typeof entry === 'object' && !Array.isArray(entry);
}

function names(directory: Directory): string[] {
  return Object.entries(directory).map(([name, entry]) => (isDirectory(entry) ? `${name}/` : name));
}

function toText(entry: Exclude<Entry, Dynamic>): string {
  if (Array.isArray(entry)) return `${entry.join('\n')}\n`;
  return isDirectory(entry) ? `${names(entry).join('\n')}\n` : String(entry);
}

/** Names become camelCase, as in Google's recursive answers; what is made when asked for (tokens) is left out. */
function toJson(entry: Entry): unknown {
  if (!isDirectory(entry)) return entry;
  return Object.fromEntries(
    Object.entries(entry)
      .filter(([, value]) => typeof value !== 'function')
      .map(([name, value]) => [
        name.includes('@') ? name : name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
        toJson(value),
      ]),
  );
}
