import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as loader from '@grpc/proto-loader';
import { type Descriptor, descriptorAt, partFor } from './descriptors.ts';

const field = (type: string, id = 1) => ({ type, id });
const zoo: Descriptor = {
  nested: {
    zoo: {
      nested: {
        v1: {
          nested: {
            Keeper: {
              methods: {
                Feed: { requestType: 'FeedRequest', responseType: '.common.Empty' },
                Watch: { requestType: 'common.Empty', responseType: 'Animal', responseStream: true },
              },
            },
            Visitor: { methods: { Look: { requestType: 'Ticket', responseType: 'Animal' } } },
            FeedRequest: { fields: { food: field('Menu.Dish'), times: field('int32', 2) } },
            Menu: {
              fields: { cook: field('Cook') },
              nested: { Dish: { fields: { name: field('string') } }, Price: { fields: { cents: field('int64') } } },
            },
            Cook: { fields: { name: field('string') } },
            Ticket: { fields: { number: field('int32') } },
            Animal: {
              fields: { kind: field('Kind'), young: field('Animal', 2) },
              nested: { Kind: { values: { CAT: 0, DOG: 1 } } as Descriptor },
            },
          },
        },
        v1beta1: { nested: { Animal: { fields: { name: field('string') } } } },
      },
    },
    common: { nested: { Empty: { fields: {} }, Other: { fields: {} } } },
  },
};

describe('the part of a descriptor that a service needs', () => {
  it('is the service with what its messages are made of, wherever that is written', () => {
    const part = partFor(zoo, 'zoo.v1.Keeper');
    const names = (path: string) => Object.keys(descriptorAt(part, path.split('.'))?.nested ?? {}).sort();
    assert.deepEqual(names('zoo.v1'), ['Animal', 'FeedRequest', 'Keeper', 'Menu']);
    assert.deepEqual(names('zoo.v1.Menu'), ['Dish']);
    assert.deepEqual([names('zoo'), names('common')], [['v1'], ['Empty']]);
    assert.deepEqual(descriptorAt(part, ['zoo', 'v1', 'Animal']), descriptorAt(zoo, ['zoo', 'v1', 'Animal']));
  });

  it('has no fields of a message that is only named for one inside it: their messages are not there', () => {
    assert.equal(descriptorAt(partFor(zoo, 'zoo.v1.Keeper'), ['zoo', 'v1', 'Menu'])?.fields, undefined);
    assert.doesNotThrow(() => loader.fromJSON(partFor(zoo, 'zoo.v1.Keeper')));
  });

  it('reads and writes as the whole does', () => {
    const whole = createRequire(import.meta.url)('@google-cloud/pubsub/build/protos/protos.json') as Descriptor;
    const service = 'google.pubsub.v1.Subscriber';
    const subscription = {
      pushConfig: { oidcToken: { audience: 'a' } },
      retryPolicy: { minimumBackoff: { seconds: 7 } },
    };
    const written = (descriptor: Descriptor): [string, string][] => {
      const methods = Object.entries(loader.fromJSON(descriptor, { defaults: true, enums: String })[service] ?? {});
      return methods.map(([name, { requestSerialize, requestDeserialize, responseDeserialize }]) => {
        const request = requestSerialize(name === 'CreateSubscription' ? subscription : {});
        return [name, JSON.stringify([requestDeserialize(request), responseDeserialize(Buffer.alloc(0))])];
      });
    };
    const expected = written(whole);
    assert.ok(expected.length > 10);
    assert.deepEqual(written(partFor(whole, service)), expected);
  });
});
