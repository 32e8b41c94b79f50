import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, texts } from './clients.ts';

const DEFINITION = JSON.stringify({
  ...{ type: 'record', name: 'Province', namespace: 'places' },
  fields: [
    { name: 'name', type: 'string' },
    { name: 'people', type: ['null', 'long'], default: null },
  ],
});
const GOOD = '{"name":"Ontario","people":{"long":15}}';
const BAD = '{"name":"Ontario"}';
/** `{"name":"On","people":null}` */
const BINARY = Buffer.from([4, 0x4f, 0x6e, 0]);

type Encoding = 'JSON' | 'BINARY';

/** Schemas of Avro, and topics that hold messages to them. */
export function schemas(clients: Clients, world: World): readonly Behaviour[] {
  const { pubsub, schemas: client, publisher, project, name, topic, subscription, publish, pull, glance } = clients;
  const { method, all } = collector();
  const schema = async (definition = DEFINITION) => {
    const made = name('schemas');
    const schemaId = made.slice(`${project}/schemas/`.length);
    await client.createSchema({ parent: project, schemaId, schema: { name: made, type: 'AVRO', definition } });
    world.onEnd(() => client.deleteSchema({ name: made }).catch(() => undefined));
    return made;
  };
  const held = async (encoding: Encoding = 'JSON') => {
    const made = await schema();
    const to = await topic({ schemaSettings: { schema: made, encoding } });
    return { made, to, of: await subscription(to) };
  };
  const create = (message: object) =>
    client.createSchema({ parent: project, schemaId: world.name('s'), schema: message });

  method('CreateSchema', {
    'gives a schema with a revision': async () => {
      const made = await schema();
      const [found] = await client.getSchema({ name: made, view: 'FULL' });
      assert.deepEqual([found.name, found.type, found.definition], [made, 'AVRO', DEFINITION]);
      assert.match(found.revisionId ?? '', /^[0-9a-f]{8}$/);
      assert.ok(Number(found.revisionCreateTime?.seconds) > 0);
    },
    'is what the handwritten client calls': async () => {
      const made = pubsub.schema(name('schemas'));
      await made.create('AVRO', DEFINITION);
      assert.equal((await made.get('FULL')).definition, DEFINITION);
      await made.delete();
    },
    'refuses a name that is taken': async () => {
      const schemaId = (await schema()).slice(`${project}/schemas/`.length);
      const again = { parent: project, schemaId, schema: { type: 'AVRO', definition: DEFINITION } as const };
      await fails(client.createSchema(again), 'ALREADY_EXISTS');
    },
    'refuses what is no Avro': async () => {
      for (const definition of ['woohoo', '{"not_actually":"avro"}', '{"type":"record","name":"R"}']) {
        await fails(create({ type: 'AVRO', definition }), 'INVALID_ARGUMENT', /Avro/);
      }
    },
    'refuses a schema without a type': async () => {
      await fails(create({ definition: DEFINITION }), 'INVALID_ARGUMENT', /type/);
    },
  });

  method('GetSchema', {
    'leaves the definition out of the basic view': async () => {
      const [found] = await client.getSchema({ name: await schema(), view: 'BASIC' });
      assert.equal(found.definition, '');
    },
    'finds a revision': async () => {
      const made = await schema();
      const [{ revisionId }] = await client.getSchema({ name: made });
      assert.equal((await client.getSchema({ name: `${made}@${revisionId}` }))[0].definition, DEFINITION);
      await fails(client.getSchema({ name: `${made}@00000000x` }), 'NOT_FOUND');
    },
    'fails for a schema that is not there': () => fails(client.getSchema({ name: name('schemas') }), 'NOT_FOUND'),
  });

  method('ListSchemas', {
    'gives those of the project, with their definitions in the full view alone': async () => {
      const made = await schema();
      for (const [view, definition] of [
        ['BASIC', ''],
        ['FULL', DEFINITION],
      ] as const) {
        const [found] = await client.listSchemas({ parent: project, view });
        assert.equal(found.find((each) => each.name === made)?.definition, definition);
      }
      const [revisions] = await client.listSchemaRevisions({ name: made, view: 'FULL' });
      assert.deepEqual(
        revisions.map(({ definition }) => definition),
        [DEFINITION],
      );
    },
  });

  method('ValidateSchema', {
    'passes what is Avro, and refuses what is not': async () => {
      await client.validateSchema({ parent: project, schema: { type: 'AVRO', definition: DEFINITION } });
      const wrong = client.validateSchema({ parent: project, schema: { type: 'AVRO', definition: '{}' } });
      await fails(wrong, 'INVALID_ARGUMENT', /Avro/);
    },
  });

  method('ValidateMessage', {
    'passes messages of a schema, and refuses others, in both encodings': async () => {
      const made = await schema();
      for (const [encoding, good, bad] of [
        ['JSON', Buffer.from(GOOD), Buffer.from(BAD)],
        ['BINARY', BINARY, Buffer.from(GOOD)],
      ] as const) {
        await client.validateMessage({ parent: project, name: made, message: good, encoding });
        const wrong = client.validateMessage({ parent: project, name: made, message: bad, encoding });
        await fails(wrong, 'INVALID_ARGUMENT', /schema validation/);
      }
    },
    'takes a schema that is not stored': async () => {
      const given = { type: 'AVRO', definition: '"long"' } as const;
      const check = (text: string) =>
        client.validateMessage({ parent: project, schema: given, message: Buffer.from(text), encoding: 'JSON' });
      await check('7');
      await fails(check('"seven"'), 'INVALID_ARGUMENT');
    },
  });

  method('topics with a schema', {
    'say so': async () => {
      const { made, to } = await held('BINARY');
      const [{ schemaSettings }] = await publisher.getTopic({ topic: to });
      assert.deepEqual([schemaSettings?.schema, schemaSettings?.encoding], [made, 'BINARY']);
    },
    'take messages of the schema, and tell subscribers of it': async () => {
      const { made, to, of } = await held();
      await publish(to, { data: Buffer.from(GOOD), attributes: { own: '1' } });
      const [received] = await pull(of, 1);
      const [{ revisionId }] = await client.getSchema({ name: made });
      assert.deepEqual(received?.message?.attributes, {
        own: '1',
        googclient_schemaencoding: 'JSON',
        googclient_schemaname: made,
        googclient_schemarevisionid: revisionId,
      });
    },
    'take binary messages': async () => {
      const { to, of } = await held('BINARY');
      await publish(to, { data: BINARY });
      assert.equal((await pull(of, 1)).length, 1);
      await fails(publish(to, GOOD), 'INVALID_ARGUMENT', /schema validation/);
    },
    'refuse all messages of a request when one is none': async () => {
      const { to, of } = await held();
      await fails(publish(to, GOOD, BAD), 'INVALID_ARGUMENT', /schema validation/);
      assert.deepEqual(await glance(of), []);
    },
    'need one that is there, and an encoding': async () => {
      await fails(topic({ schemaSettings: { schema: name('schemas'), encoding: 'JSON' } }), 'NOT_FOUND');
      await fails(topic({ schemaSettings: { schema: await schema() } }), 'INVALID_ARGUMENT', /encoding/);
    },
    'get it, and lose it, by an update': async () => {
      const to = await topic();
      const of = await subscription(to);
      const updateMask = { paths: ['schema_settings'] };
      const schemaSettings = { schema: await schema(), encoding: 'JSON' } as const;
      await publisher.updateTopic({ topic: { name: to, schemaSettings }, updateMask });
      await fails(publish(to, BAD), 'INVALID_ARGUMENT');
      await publisher.updateTopic({ topic: { name: to }, updateMask });
      await publish(to, BAD);
      assert.deepEqual(texts(await pull(of, 1)), [BAD]);
    },
    'take no more messages once it is deleted': async () => {
      const { made, to } = await held();
      await client.deleteSchema({ name: made });
      const [left] = await publisher.getTopic({ topic: to });
      assert.equal(left.schemaSettings?.schema, '_deleted-schema_');
      const labelled = { ...left, labels: { a: 'b' } };
      const [changed] = await publisher.updateTopic({ topic: labelled, updateMask: { paths: ['labels'] } });
      assert.deepEqual(changed.labels, { a: 'b' });
      await fails(publish(to, GOOD), 'FAILED_PRECONDITION', /deleted/);
      await fails(client.getSchema({ name: made }), 'NOT_FOUND');
    },
  });

  if (world.endpoint !== undefined) {
    method('schemas that are refused by name', {
      'those of Protocol Buffers': async () => {
        const definition = 'syntax = "proto3"; message M { string name = 1; }';
        await fails(create({ type: 'PROTOCOL_BUFFER', definition }), 'UNIMPLEMENTED', /PROTOCOL_BUFFER/);
      },
      'further revisions': async () => {
        const made = await schema();
        const next = { name: made, type: 'AVRO', definition: DEFINITION } as const;
        await fails(client.commitSchema({ name: made, schema: next }), 'UNIMPLEMENTED', /CommitSchema/);
        await fails(client.rollbackSchema({ name: made, revisionId: '0' }), 'UNIMPLEMENTED', /RollbackSchema/);
      },
    });
  }
  return all;
}
