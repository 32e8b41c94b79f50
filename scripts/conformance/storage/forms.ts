import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { File, GenerateSignedPostPolicyV2Options, GenerateSignedPostPolicyV4Options } from '@google-cloud/storage';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients } from './clients.ts';

export function forms({ origin, bucket, file, signingEndpoint }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const policy = async (target: File, options: Partial<GenerateSignedPostPolicyV4Options> = {}) => {
    const [{ fields }] = await target.generateSignedPostPolicyV4({
      expires: Date.now() + 60_000,
      ...(signingEndpoint !== undefined && { signingEndpoint }),
      ...options,
    });
    return fields as Record<string, string>;
  };
  const policyV2 = async (target: File, options: Partial<GenerateSignedPostPolicyV2Options> = {}) => {
    const [{ base64, signature }] = await target.generateSignedPostPolicyV2({
      expires: Date.now() + 60_000,
      ...(signingEndpoint !== undefined && { signingEndpoint }),
      ...options,
    });
    const status = options.successStatus === undefined ? {} : { success_action_status: options.successStatus };
    return { key: target.name, GoogleAccessId: 'signer@example.com', policy: base64, signature, ...status };
  };
  const send = (fields: Record<string, string>, text: string, name = 'file.txt') => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('file', new File_([text], name, { type: 'text/plain' }));
    return fetch(`${origin}/${bucket.name}`, { method: 'POST', body: form, redirect: 'manual' });
  };

  method('POST forms', {
    'upload a file by a signed policy': async () => {
      const target = file();
      await answers(await send(await policy(target), 'hello'), 204);
      assert.equal(String((await target.download())[0]), 'hello');
    },
    'set what the fields say': async () => {
      const target = file();
      const fields = { 'content-type': 'text/csv', 'x-goog-meta-run': 'run_1', success_action_status: '201' };
      await answers(await send(await policy(target, { fields }), 'a'), 201, /<Key>/);
      const [metadata] = await target.getMetadata();
      assert.equal(metadata.contentType, 'text/csv');
      assert.deepEqual(metadata.metadata, { run: 'run_1' });
    },
    'lead to the page that the fields name': async () => {
      const fields = { success_action_redirect: 'https://console.example/done' };
      const answer = await send(await policy(file(), { fields }), 'a');
      assert.equal(answer.status, 303);
      assert.match(answer.headers.get('location') ?? '', /^https:\/\/console\.example\/done\?/);
    },
    'are refused when a field is another one than was signed': async () => {
      const fields = await policy(file());
      await answers(await send({ ...fields, key: 'other' }, 'a'), 400, /InvalidPolicyDocument.*key/);
    },
    'are refused with a field that no condition mentions': async () => {
      const fields = await policy(file());
      const extra = await send({ ...fields, 'x-goog-meta-extra': '1' }, 'a');
      await answers(extra, 400, /InvalidPolicyDocument.*Policy did not reference these fields: x-goog-meta-extra</);
    },
    'are refused with a length out of the range': async () => {
      const conditions = [['content-length-range', 1, 3]] as unknown as object[];
      await answers(await send(await policy(file(), { conditions }), 'four'), 400, /EntityTooLarge/);
    },
    'are refused with a field that means nothing here': async () => {
      const fields = await policy(file(), { fields: { 'x-goog-encryption-algorithm': 'AES256' } });
      await answers(await send(fields, 'a'), 501, /x-goog-encryption-algorithm/);
    },
    'are refused without a policy, and with another signature': async () => {
      await answers(await send({ key: file().name }, 'a'), 403, /AccessDenied/);
      const fields = await policy(file());
      await answers(await send({ ...fields, 'x-goog-signature': 'ab' }, 'a'), 403, /SignatureDoesNotMatch/);
    },
  });
  method('POST forms, version 2', {
    'upload a file by a signed policy': async () => {
      const target = file();
      const fields = await policyV2(target, {
        equals: ['$Content-Type', 'text/csv'],
        successStatus: '201',
        contentLengthRange: { min: 1, max: 9 },
      });
      await answers(await send({ ...fields, 'Content-Type': 'text/csv' }, 'hello'), 201, /<Key>/);
      assert.equal(String((await target.download())[0]), 'hello');
      assert.equal((await target.getMetadata())[0].contentType, 'text/csv');
    },
    'make an object that everybody may read, when the policy lets them': async () => {
      const target = file();
      const fields = await policyV2(target, { acl: 'public-read' });
      await answers(await send({ ...fields, acl: 'public-read' }, 'hello'), 204);
      assert.deepEqual(await target.isPublic(), [true]);
      await answers(await send({ ...fields, acl: 'private' }, 'hello'), 400, /InvalidPolicyDocument/);
    },
    'take what a condition leaves open, and nothing else': async () => {
      const target = file();
      const fields = await policyV2(target, { startsWith: ['$x-goog-meta-run', 'run_'] });
      await answers(await send({ ...fields, 'x-goog-meta-run': 'run_7' }, 'a'), 204);
      assert.deepEqual((await target.getMetadata())[0].metadata, { run: 'run_7' });
      await answers(await send({ ...fields, 'x-goog-meta-run': 'other' }, 'a'), 400, /InvalidPolicyDocument/);
    },
    'are refused with a length out of the range': async () => {
      const fields = await policyV2(file(), { contentLengthRange: { min: 2, max: 3 } });
      await answers(await send(fields, 'four'), 400, /EntityTooLarge/);
      await answers(await send(fields, '1'), 400, /EntityTooSmall/);
    },
    'are refused with another signature, or another policy': async () => {
      const fields = await policyV2(file());
      await answers(await send({ ...fields, signature: 'YWJj' }, 'a'), 403, /SignatureDoesNotMatch/);
      const other = await policyV2(file());
      await answers(await send({ ...fields, policy: other.policy }, 'a'), 403, /SignatureDoesNotMatch/);
    },
    'are refused once they have expired': async () => {
      const fields = await policyV2(file(), { expires: Date.now() + 20 });
      const until = JSON.parse(Buffer.from(fields.policy, 'base64').toString()).expiration;
      await setTimeout(Math.max(0, Date.parse(until) - Date.now()) + 1);
      await answers(await send(fields, 'a'), 400, /ExpiredToken/);
    },
  });
  return all;
}

/** The platform's file, not the client's. */
const File_ = globalThis.File;
