import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

/** CRC32C of `payload`, by RFC 3720's polynomial. */
const PAYLOAD = { text: 'payload', crc32c: crc32cOf(Buffer.from('payload')) };

function crc32cOf(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** AddSecretVersion, AccessSecretVersion and GetSecretVersion. */
export function versions({ secrets, create, add, access }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const addBytes = (parent: string, data: Buffer, dataCrc32c?: number) =>
    secrets.addSecretVersion({ parent, payload: { data, ...(dataCrc32c === undefined ? {} : { dataCrc32c }) } });
  method('AddSecretVersion', {
    'numbers versions from 1': async () => {
      const { name } = await create();
      assert.match((await add(name, 'a')).name, /\/versions\/1$/);
      assert.match((await add(name, 'b')).name, /\/versions\/2$/);
    },
    'answers with an enabled version': async () => {
      const { name } = await create();
      const version = await add(name, 'a');
      assert.equal(version.state, 'ENABLED');
      assert.ok(version.etag && version.createTime);
    },
    'checks the checksum that it is given': async () => {
      const { name } = await create();
      await fails(addBytes(name, Buffer.from(PAYLOAD.text), 1), 'INVALID_ARGUMENT', /crc32c/i);
    },
    'says that a checksum was given': async () => {
      const { name } = await create();
      const [version] = await addBytes(name, Buffer.from(PAYLOAD.text), PAYLOAD.crc32c);
      assert.equal(version.clientSpecifiedPayloadChecksum, true);
    },
    'takes 64 KiB': async () => {
      const { name } = await create();
      await addBytes(name, Buffer.alloc(65_536, 1));
      const [answer] = await secrets.accessSecretVersion({ name: `${name}/versions/1` });
      assert.equal(Buffer.from(answer.payload?.data ?? '').length, 65_536);
    },
    'refuses more than 64 KiB': async () => {
      const { name } = await create();
      await fails(addBytes(name, Buffer.alloc(65_537, 1)), 'INVALID_ARGUMENT');
    },
    'refuses an empty payload': async () => {
      const { name } = await create();
      await fails(addBytes(name, Buffer.alloc(0)), 'INVALID_ARGUMENT');
    },
    'fails for a secret that is not there': async () => {
      const { name } = await create();
      await fails(add(`${name}-${world.name('no')}`, 'x'), 'NOT_FOUND');
    },
  });
  method('AccessSecretVersion', {
    'gives back bytes as they were': async () => {
      const { name } = await create();
      const data = Buffer.from([0, 255, 128, 10, 13]);
      await addBytes(name, data);
      const [answer] = await secrets.accessSecretVersion({ name: `${name}/versions/1` });
      assert.deepEqual(Buffer.from(answer.payload?.data ?? ''), data);
    },
    'gives a checksum of the payload': async () => {
      const { name } = await create();
      await add(name, PAYLOAD.text);
      const [answer] = await secrets.accessSecretVersion({ name: `${name}/versions/1` });
      assert.equal(Number(answer.payload?.dataCrc32c), PAYLOAD.crc32c);
    },
    'takes latest as the newest version, and names it by number': async () => {
      const { name } = await create();
      await add(name, 'old');
      await add(name, 'new');
      const [answer] = await secrets.accessSecretVersion({ name: `${name}/versions/latest` });
      assert.equal(String(answer.payload?.data), 'new');
      assert.match(answer.name ?? '', /\/versions\/2$/);
    },
    'gives an older version by number': async () => {
      const { name } = await create();
      await add(name, 'old');
      await add(name, 'new');
      assert.equal(await access(name, '1'), 'old');
    },
    'fails for a number that is not there': async () => {
      const { name } = await create();
      await add(name, 'x');
      await fails(access(name, '7'), 'NOT_FOUND');
    },
    'fails for an alias that is not there': async () => {
      const { name } = await create();
      await add(name, 'x');
      await fails(access(name, 'no-such'), 'NOT_FOUND');
    },
    'fails for a secret without versions': async () => {
      const { name } = await create();
      await fails(access(name, 'latest'), 'NOT_FOUND');
    },
  });
  method('GetSecretVersion', {
    'answers without the payload': async () => {
      const { name } = await create();
      const added = await add(name, 'x');
      const [version] = await secrets.getSecretVersion({ name: `${name}/versions/latest` });
      assert.deepEqual([version.name, version.state, version.etag], [added.name, 'ENABLED', added.etag]);
      assert.ok(!('payload' in version));
    },
    'says where the version is': async () => {
      const { name } = await create();
      await add(name, 'x');
      const [version] = await secrets.getSecretVersion({ name: `${name}/versions/1` });
      assert.ok(version.replicationStatus?.automatic);
    },
  });
  return all;
}
