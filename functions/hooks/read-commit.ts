import { type Commit, commit } from '../../schemas/commit.ts';
import type { HookEntity } from '../../schemas/entities.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The commit that a sender's request is about. It is told in the events' own words: push, pull or merge request, check,
 * workflow, pipeline, deployment; generic senders tell it as `data.commit`.
 * @returns undefined when it tells of none
 */
export function readCommit(sender: HookEntity['sender'], body: Uint8Array): Commit | undefined {
  const found = readers[sender](at(parsed(body)));
  if (NO_COMMIT.test(String(found.sha))) return undefined;
  const told = Object.entries(found).filter(([, value]) => value !== undefined && value !== null);
  const complete = { ...Object.fromEntries(told), sender };
  if (commit.accepts(complete)) return complete;
  // What people look at is left out rather than the commit itself.
  const { url: _url, ref: _ref, pull: _pull, ...least } = complete as Fields;
  return commit.accepts(least) ? least : undefined;
}

type Reader = (body: At) => { readonly [K in Exclude<keyof Commit, 'sender'>]?: unknown };

const readers: Readonly<Record<HookEntity['sender'], Reader>> = {
  /** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
  github(body) {
    const repository = body('repository', 'full_name');
    const site = body('repository', 'html_url');
    const run = ['check_run', 'check_suite', 'workflow_run'].find((name) => body(name, 'head_sha') !== undefined);
    if (body('pull_request') !== undefined) {
      const [sha, ref] = [body('pull_request', 'head', 'sha'), body('pull_request', 'head', 'ref')];
      return { repository, sha, ref, url: body('pull_request', 'html_url'), pull: body('pull_request', 'number') };
    }
    const sha =
      body('deployment', 'sha') ?? (run && body(run, 'head_sha')) ?? body('head_commit', 'id') ?? body('after');
    const ref =
      body('deployment', 'ref') ?? (run && (body(run, 'head_branch') ?? body(run, 'check_suite', 'head_branch')));
    return {
      repository,
      sha,
      ref: ref ?? body('ref'),
      url: body('head_commit', 'url') ?? below(site, `commit/${sha}`),
    };
  },
  /** @see https://docs.gitlab.com/user/project/integrations/webhook_events/ */
  gitlab(body) {
    const repository = body('project', 'path_with_namespace');
    const site = body('project', 'web_url');
    if (body('object_kind') === 'merge_request') {
      const [sha, ref] = [body('object_attributes', 'last_commit', 'id'), body('object_attributes', 'source_branch')];
      return { repository, sha, ref, url: body('object_attributes', 'url'), pull: body('object_attributes', 'iid') };
    }
    const sha = body('checkout_sha') ?? body('object_attributes', 'sha') ?? body('commit', 'sha') ?? body('sha');
    const ref = body('ref') ?? body('object_attributes', 'ref');
    return { repository, sha, ref, url: below(site, `-/commit/${sha}`) };
  },
  generic: (body) => ({
    ...{ repository: body('data', 'commit', 'repository'), sha: body('data', 'commit', 'sha') },
    ...{ ref: body('data', 'commit', 'ref'), url: body('data', 'commit', 'url'), pull: body('data', 'commit', 'pull') },
  }),
};

const below = (site: unknown, path: string): string | undefined =>
  typeof site === 'string' ? `${site}/${path}` : undefined;

/** What pushes name as their commit when there is none any more. */
const NO_COMMIT = /^0+$/;
const FORM = 'payload=';

/** Whether a request tells that a branch or a tag was deleted, as GitHub's and GitLab's pushes do. */
export function isDeletion(body: Uint8Array): boolean {
  const after = at(parsed(body))('after');
  return typeof after === 'string' && NO_COMMIT.test(after);
}

/** Finds a field below others; undefined when it is not there. */
type At = (...path: readonly string[]) => unknown;

const at =
  (body: unknown): At =>
  (...path) =>
    path.reduce<unknown>(
      (value, name) => (isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      body,
    );

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** JSON, or a form whose field `payload` is JSON: that is what GitHub sends unless it is told otherwise. */
function parsed(body: Uint8Array): unknown {
  const text = Buffer.from(body).toString('utf8');
  try {
    return JSON.parse(text.startsWith(FORM) ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    return undefined;
  }
}
