import assert from 'node:assert/strict';
import { isDeletion, readCommit } from './read-commit.ts';

const sha = '4f1c0a9e22b7c9d0e1f2a3b4c5d6e7f8a9b0c1d2';
const read = (sender: 'github' | 'gitlab' | 'generic', body: unknown) =>
  readCommit(sender, Buffer.from(JSON.stringify(body)));

describe('the commit that a sender tells of', () => {
  const repository = { full_name: 'acme/shop', html_url: 'https://github.com/acme/shop' };
  const github = { sender: 'github', repository: 'acme/shop', sha };

  it("is that of GitHub's push", () => {
    const head_commit = { id: sha, url: `https://github.com/acme/shop/commit/${sha}` };
    assert.deepEqual(read('github', { ref: 'refs/heads/main', after: sha, repository, head_commit }), {
      ...{ ...github, ref: 'refs/heads/main', url: head_commit.url },
    });
  });

  it("is the head of GitHub's pull request", () => {
    const html_url = 'https://github.com/acme/shop/pull/7';
    const pull_request = { number: 7, html_url, head: { sha, ref: 'cart' } };
    assert.deepEqual(read('github', { number: 7, pull_request, repository }), {
      ...{ ...github, ref: 'cart', url: html_url, pull: 7 },
    });
  });

  it("is that of GitHub's deployments, checks and workflows", () => {
    const url = `https://github.com/acme/shop/commit/${sha}`;
    for (const body of [
      { deployment: { sha, ref: 'main' }, deployment_status: { state: 'success' } },
      { workflow_run: { head_sha: sha, head_branch: 'main' } },
      { check_suite: { head_sha: sha, head_branch: 'main' } },
      { check_run: { head_sha: sha, check_suite: { head_branch: 'main' } } },
    ])
      assert.deepEqual(read('github', { ...body, repository }), { ...github, ref: 'main', url });
  });

  it("is that of GitLab's push, merge request and pipeline", () => {
    const project = { path_with_namespace: 'acme/shop', web_url: 'https://gitlab.com/acme/shop' };
    const gitlab = { sender: 'gitlab', repository: 'acme/shop', sha, ref: 'main' };
    const url = `https://gitlab.com/acme/shop/-/commit/${sha}`;
    assert.deepEqual(read('gitlab', { object_kind: 'push', checkout_sha: sha, ref: 'main', project }), {
      ...gitlab,
      url,
    });
    const pipeline = { object_kind: 'pipeline', object_attributes: { sha, ref: 'main' }, project };
    assert.deepEqual(read('gitlab', pipeline), { ...gitlab, url });
    const merge = 'https://gitlab.com/acme/shop/-/merge_requests/3';
    const object_attributes = { last_commit: { id: sha }, source_branch: 'main', iid: 3, url: merge };
    assert.deepEqual(read('gitlab', { object_kind: 'merge_request', object_attributes, project }), {
      ...{ ...gitlab, url: merge, pull: 3 },
    });
  });

  it('is what a generic sender says', () => {
    const commit = { repository: 'shop', sha, ref: 'main' };
    assert.deepEqual(read('generic', { type: 'deployed', data: { commit } }), { ...commit, sender: 'generic' });
  });

  it('is taken without what is no address', () => {
    const commit = { repository: 'shop', sha, url: 'javascript:alert(1)' };
    assert.deepEqual(read('generic', { data: { commit } }), { sender: 'generic', repository: 'shop', sha });
  });

  for (const [what, body] of [
    ['tells of none', { type: 'deployed' }],
    ['tells of one that is none', { data: { commit: { repository: 'shop', sha: 'main' } } }],
    ['is no object', [1]],
    ['has a name of an object as field', { data: { commit: '__proto__' } }],
  ] as const)
    it(`is none where a request ${what}`, () => assert.equal(read('generic', body), undefined));

  it('is none of a body that is not JSON', () =>
    assert.equal(readCommit('github', Buffer.from('payload=%7B')), undefined));

  it('is that of a form, as GitHub sends one unless it is told to send JSON', () => {
    const sent = JSON.stringify({ ref: 'refs/heads/a+b', after: sha, repository });
    const form = new URLSearchParams({ payload: sent }).toString();
    assert.equal(readCommit('github', Buffer.from(form))?.ref, 'refs/heads/a+b');
  });

  it('is none where a branch or tag was deleted', () => {
    const after = '0'.repeat(40);
    assert.equal(read('github', { ref: 'refs/heads/old', after, deleted: true, repository }), undefined);
    assert.ok(isDeletion(Buffer.from(JSON.stringify({ ref: 'refs/heads/old', after }))));
    assert.ok(!isDeletion(Buffer.from(JSON.stringify({ ref: 'refs/heads/old', after: sha, before: after }))));
    assert.ok(!isDeletion(Buffer.from('{"type":"deployed"}')));
  });
});
