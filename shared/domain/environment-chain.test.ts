import assert from 'node:assert/strict';
import type { EnvironmentEntity } from '../../schemas/entities.ts';
import { AppError } from '../platform/errors.ts';
import { environmentChain, openEnvironment } from './environment-chain.ts';

type Given = Partial<EnvironmentEntity> & { name: string };

/** The environments of usr_1, sealed by a word before the secret. */
function stored(...given: Given[]) {
  const now = new Date(0);
  const all = given.map(
    (one): EnvironmentEntity => ({
      id: `env_${one.name}`,
      user_id: 'usr_1',
      created_at: now,
      updated_at: now,
      variables: {},
      secrets: {},
      files: {},
      ...one,
    }),
  );
  return {
    named: async (name: string, userId: string) => all.find((one) => one.name === name && one.user_id === userId),
  };
}
const cipher = { decrypt: async (text: string) => Buffer.from(text.replace(/^sealed:/, '')) };
const refused = (message: RegExp) => (error: unknown) =>
  error instanceof AppError && error.code === 'unprocessable' && message.test(error.message);

describe('an environment', () => {
  const environments = stored(
    {
      name: 'base',
      variables: { HOST: 'a', LANG: 'en' },
      secrets: { KEY: 'sealed:old', TOKEN: 'sealed:t' },
      files: { cv: 'a.pdf' },
    },
    { name: 'staging', parent: 'base', variables: { HOST: 'b', TOKEN: 'open' }, secrets: { KEY: 'sealed:new' } },
    { name: 'review', parent: 'staging', variables: { LANG: 'nb' }, files: { cv: 'b.pdf', photo: 'c.png' } },
  );

  it('adds to its parent, and so on: the nearest goes first', async () => {
    const chain = await environmentChain(environments, 'usr_1', 'review');
    assert.deepEqual(
      chain.map(({ name }) => name),
      ['review', 'staging', 'base'],
    );
    const { values, files } = await openEnvironment(environments, cipher, 'usr_1', 'review');
    assert.deepEqual(values, { HOST: 'b', LANG: 'nb', KEY: 'new', TOKEN: 'open' });
    assert.deepEqual(files, { cv: 'b.pdf', photo: 'c.png' });
  });

  it('keeps every secret a secret, also one that is replaced', async () => {
    const { secrets } = await openEnvironment(environments, cipher, 'usr_1', 'staging');
    assert.deepEqual(secrets, ['old', 't', 'new']);
  });

  it('is refused when it, or one that it adds to, does not exist or is of somebody else', async () => {
    const orphan = stored({ name: 'a', parent: 'gone' }, { name: 'b', parent: 'c' }, { name: 'c', user_id: 'usr_2' });
    for (const [name, message] of [
      ['x', /^There is no environment 'x'\.$/],
      ['a', /'a' adds to 'gone', which does not exist/],
      ['b', /'b' adds to 'c', which does not exist/],
    ] as const)
      await assert.rejects(environmentChain(orphan, 'usr_1', name), refused(message));
  });

  it('is refused when it adds to itself, or to too many', async () => {
    const circle = stored({ name: 'a', parent: 'b' }, { name: 'b', parent: 'a' });
    await assert.rejects(environmentChain(circle, 'usr_1', 'a'), refused(/a → b → a/));
    const long = stored(...Array.from({ length: 12 }, (_, i) => ({ name: `e${i}`, parent: `e${i + 1}` })));
    await assert.rejects(environmentChain(long, 'usr_1', 'e0'), refused(/More than 10/));
  });
});
