import assert from 'node:assert/strict';
import type { Firestore } from '@google-cloud/firestore';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { credentials } from '@grpc/grpc-js';
import { createCipher, keyVersionOf } from '../../shared/platform/cipher.ts';
import { createSecrets } from '../../shared/platform/secrets.ts';
import { testPlatform } from '../../shared/platform/testing.ts';
import { sealedCollections } from '../../shared/reencryption/documents.ts';
import { createReencryptor } from '../../shared/reencryption/reencryptor.ts';
import { type LocalCloud, startCloud } from '../local/cloud.ts';
import { type GoogleClients, googleClients } from './clients.ts';

const secret = 'projects/virtuoso-local/secrets/encryption-key';
/** More than a page. */
const MANY = 230;

describe('sealing everything anew under another key', () => {
  let cloud: LocalCloud;
  let google: GoogleClients;
  let secretManager: SecretManagerServiceClient;
  before(async function () {
    this.timeout(120_000);
    cloud = await startCloud({ functions: [] });
    google = googleClients(cloud);
    secretManager = new SecretManagerServiceClient({
      ...{ projectId: 'virtuoso-local', apiEndpoint: '127.0.0.1', port: cloud.port },
      sslCreds: credentials.createInsecure(),
    });
    await seed();
  });
  after(async () => {
    await secretManager?.close();
    await google?.close();
    await cloud?.close();
  });

  /** An instance that has just been started. */
  function instance(firestore: Firestore = google.firestore) {
    const platform = testPlatform({
      environment: { GCP_PROJECT_ID: 'virtuoso-local' },
      clients: {
        firestore: async () => firestore,
        storage: async () => google.storage,
        secretManager: async () => secretManager,
      },
    });
    platform.clock.time = Date.now();
    return {
      platform,
      cipher: createCipher(createSecrets(platform), platform),
      reencryptor: createReencryptor(platform),
    };
  }

  const artifacts = () => google.storage.bucket('virtuoso-artifacts');
  async function putState(name: string, text: string): Promise<string> {
    const file = artifacts().file(name);
    await file.save(await instance().cipher.encrypt(text), {
      resumable: false,
      metadata: { metadata: { owner: 'usr_1' } },
    });
    return String(file.metadata.generation);
  }
  const document = (path: string) => google.firestore.doc(path);

  async function seed(): Promise<void> {
    const { encrypt } = instance().cipher;
    const secrets = { 'KEY.with-dots': await encrypt('one'), OTHER: await encrypt('two') };
    const batch = google.firestore.batch();
    for (let i = 0; i < MANY; i++)
      batch.set(document(`environments/env_${i}`), { user_id: 'usr_1', variables: { n: 0 }, secrets });
    await batch.commit();
    const sealed = await encrypt('whsec_1');
    await document('webhooks/whk_1').set({
      ...{ user_id: 'usr_1', url: 'https://a.example/', headers: { 'x-key': await encrypt('header') } },
      secrets: [{ sealed }, { sealed, public_key: 'whpk_1', expires_at: new Date(5) }],
    });
    await document('hooks/hok_1').set({ user_id: 'usr_1', secret: await encrypt('hook') });
    await document('cache/idempotency-1').set({
      ...{ user_id: 'usr_1', reply: await encrypt('reply'), expires_at: new Date(Date.now() + 1e7) },
    });
    const live = { user_id: 'usr_1', kind: 'live', state_object: 'ses_live/state.json.enc' };
    const state_generation = await putState(live.state_object, 'live state');
    await document('sessions/ses_live').set({ ...live, status: 'idle', state_generation });
    await document('sessions/ses_run').set({ user_id: 'usr_1', kind: 'run', status: 'running' });
    await document('sessions/ses_over').set({ user_id: 'usr_1', kind: 'run', status: 'passed' });
    for (const session_id of ['ses_run', 'ses_over']) {
      const state_object = `${session_id}/state-0.json.enc`;
      await putState(state_object, `state of ${session_id}`);
      await document(`checkpoints/chk_${session_id}`).set({ user_id: 'usr_1', session_id, position: 0, state_object });
    }
  }

  async function addKey(): Promise<string> {
    const data = Buffer.from(Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'));
    const [{ name }] = await secretManager.addSecretVersion({ parent: secret, payload: { data } });
    return name?.split('/').at(-1) ?? '';
  }

  /** Every sealed text in the documents, with the collection and field that it lies in. */
  async function sealedTexts(): Promise<{ collection: string; field: string; text: string }[]> {
    const found: { collection: string; field: string; text: string }[] = [];
    const collect = (collection: string, field: string, value: unknown): void => {
      if (typeof value === 'string' && keyVersionOf(value)) found.push({ collection, field, text: value });
      else if (value !== null && typeof value === 'object')
        for (const inner of Object.values(value)) collect(collection, field, inner);
    };
    for (const collection of await google.firestore.listCollections())
      for (const one of (await collection.get()).docs)
        for (const [field, value] of Object.entries(one.data())) collect(collection.id, field, value);
    return found;
  }

  async function assertAllUnder(version: string): Promise<void> {
    const texts = await sealedTexts();
    assert.equal(texts.length, 2 * MANY + 3 + 1 + 1);
    const { cipher } = instance();
    const opened = new Set<string>();
    for (const { collection, field, text } of texts) {
      assert.equal(keyVersionOf(text), version, `${collection}: ${field}`);
      const declared = sealedCollections.find(({ name }) => name === collection);
      assert.ok(declared?.sealed.includes(field), `${collection}: ${field} is not declared as sealed`);
      opened.add((await cipher.decrypt(text)).toString());
    }
    assert.deepEqual([...opened].sort(), ['header', 'hook', 'one', 'reply', 'two', 'whsec_1']);
    const session = (await document('sessions/ses_live').get()).data();
    const live = artifacts().file('ses_live/state.json.enc', { generation: session?.state_generation });
    for (const [file, text] of [
      [live, 'live state'],
      [artifacts().file('ses_run/state-0.json.enc'), 'state of ses_run'],
    ] as const) {
      const stored = String((await file.download({ validation: false }))[0]);
      assert.equal(keyVersionOf(stored), version, file.name);
      assert.equal(String(await cipher.decrypt(stored)), text);
    }
    const [metadata] = await live.getMetadata();
    assert.equal(metadata.metadata?.owner, 'usr_1');
  }
  const soon = () => Date.now() + 1e6;

  it('reaches all of it, and everything is read when the older key is disabled', async () => {
    const version = await addKey();
    await instance().reencryptor.run(soon());
    await secretManager.disableSecretVersion({ name: `${secret}/versions/1` });
    await assertAllUnder(version);
    const webhook = (await document('webhooks/whk_1').get()).data();
    assert.equal(webhook?.secrets[1].expires_at.toMillis(), 5);
    await secretManager.enableSecretVersion({ name: `${secret}/versions/1` });
  });

  it('goes through it once more when every instance knows the key, and then is done', async () => {
    await instance().reencryptor.run(soon());
    const { platform, reencryptor } = instance();
    platform.clock.time += 11 * 60_000;
    const until = platform.clock.time + 1e6;
    assert.equal((await reencryptor.run(until)).settled, false);
    await document('hooks/hok_late').set({ user_id: 'usr_1', secret: (await sealedTexts())[0]?.text });
    assert.equal((await reencryptor.run(until)).settled, true);
    const before = cloud.meter.get('firestore.read') ?? 0;
    assert.ok(before > 0);
    assert.equal((await reencryptor.run(until)).settled, true);
    assert.ok((cloud.meter.get('firestore.read') ?? 0) - before <= 1);
    await document('hooks/hok_late').delete();
  });

  it('goes on where one was killed, whenever that was', async () => {
    const version = await addKey();
    for (let step = 1; ; step++) {
      const { reencryptor } = instance(dyingAt(google.firestore, step));
      const ended = await reencryptor.run(soon()).then(
        () => true,
        (error: Error) => assert.match(error.message, /killed/),
      );
      if (ended) break;
      assert.ok(step < 20);
    }
    await assertAllUnder(version);
  });

  it('stops when its time is over, and goes on there', async () => {
    const version = await addKey();
    const { platform, reencryptor } = instance();
    await assert.rejects(reencryptor.run(platform.clock.time), /more to be sealed/);
    platform.stopper.abort();
    await assert.rejects(reencryptor.run(soon()), /more to be sealed/);
    await instance().reencryptor.run(soon());
    await assertAllUnder(version);
  });

  it('loses no write of others', async () => {
    const version = await addKey();
    const write = (i: number) =>
      google.firestore.runTransaction(async (transaction) => {
        const ref = document(`environments/env_${i}`);
        const n = (await transaction.get(ref)).get('variables.n') as number;
        transaction.update(ref, { 'variables.n': n + 1 });
      });
    const writing = Promise.all(Array.from({ length: MANY }, async (_, i) => [await write(i), await write(i)]));
    await Promise.all([writing, instance().reencryptor.run(soon())]);
    await instance().reencryptor.run(soon());
    await assertAllUnder(version);
    const { docs } = await google.firestore.collection('environments').get();
    assert.deepEqual([...new Set(docs.map((one) => one.get('variables.n')))], [2]);
  });

  it('takes over the state of a live session that one which died has sealed and told nobody of', async () => {
    const ref = document('sessions/ses_live');
    const before = (await ref.get()).get('state_generation') as string;
    const version = await addKey();
    await instance().reencryptor.run(soon());
    // As if it had died before it told the session.
    await ref.update({ state_generation: before });
    await document('cache/reencryption').delete();
    await instance().reencryptor.run(soon());
    await assertAllUnder(version);
  });
});

/** Firestore for an instance that dies when it writes down its progress for the nth time. */
function dyingAt(firestore: Firestore, nth: number): Firestore {
  let writes = 0;
  const dying = <T extends object>(target: T, replaced: Record<string, (...args: never[]) => unknown>): T =>
    new Proxy(target, {
      get(_, name) {
        const own = typeof name === 'string' ? replaced[name] : undefined;
        const value = own ?? Reflect.get(target, name, target);
        return typeof value === 'function' && !own ? value.bind(target) : value;
      },
    });
  return dying(firestore, {
    collection: (name: string) => {
      const collection = firestore.collection(name);
      if (name !== 'cache') return collection;
      return dying(collection, {
        doc: (id: string) => {
          const ref = collection.doc(id);
          if (id !== 'reencryption') return ref;
          return dying(ref, {
            set: async (data: FirebaseFirestore.DocumentData) => {
              if (++writes === nth) throw new Error('killed');
              return await ref.set(data);
            },
          });
        },
      });
    },
  });
}
