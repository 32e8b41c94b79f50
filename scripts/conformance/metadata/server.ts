import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import type { Clients } from './clients.ts';

export function server({ origin, metadata }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const text = async (path: string) => (await metadata(path)).text();

  method('computeMetadata', {
    'refuses a request without the header Metadata-Flavor': async () => {
      const answer = await metadata('project/project-id', {});
      assert.equal(answer.status, 403);
      assert.match(await answer.text(), /Missing Metadata-Flavor:Google header/);
    },
    'refuses a request that was forwarded': async () => {
      const headers = { 'metadata-flavor': 'Google', 'x-forwarded-for': '10.0.0.1' };
      assert.equal((await metadata('project/project-id', headers)).status, 403);
    },
    'answers with the header Metadata-Flavor, to a ping too': async () => {
      assert.equal((await metadata('project/project-id')).headers.get('metadata-flavor'), 'Google');
      const ping = await fetch(origin, { headers: { 'metadata-flavor': 'Google' } });
      assert.equal(ping.status, 200);
      assert.equal(ping.headers.get('metadata-flavor'), 'Google');
    },
    'knows the project by its id and its number': async () => {
      assert.equal(await text('project/project-id'), world.project);
      assert.match(await text('project/numeric-project-id'), /^\d+$/);
    },
    'knows the region, the zone and the universe': async () => {
      assert.match(await text('instance/region'), new RegExp(`^projects/\\d+/regions/${world.region}$`));
      assert.match(await text('instance/zone'), new RegExp(`/zones/${world.region}-`));
      assert.equal(await text('universe/universe-domain'), 'googleapis.com');
    },
    'lists a directory': async () => {
      assert.match(await text('instance/service-accounts/'), /^default\/$/m);
      assert.equal((await metadata('instance/service-accounts')).status, 301);
    },
    'gives a directory as JSON, with everything below it': async () => {
      const found = await (await metadata('project/?recursive=true')).json();
      assert.equal(found.projectId, world.project);
    },
    'knows the default service account': async () => {
      assert.match(await text('instance/service-accounts/default/email'), /@.*gserviceaccount\.com$/);
      assert.match(await text('instance/service-accounts/default/scopes'), /auth\/cloud-platform/);
      assert.match(await text('instance/service-accounts/default/aliases'), /default/);
    },
    'answers 404 for what there is not': async () => {
      assert.equal((await metadata('instance/phase-of-the-moon')).status, 404);
    },
    'refuses by name to wait for a change': async () => {
      assert.equal((await metadata('instance/attributes/?wait_for_change=true')).status, 501);
    },
    'is only read': async () => {
      const headers = { 'metadata-flavor': 'Google' };
      const answer = await fetch(`${origin}/computeMetadata/v1/project/project-id`, { method: 'POST', headers });
      assert.equal(answer.status, 405);
    },
  });
  return all;
}
