import assert from 'node:assert/strict';
import { readOptions, UsageError } from './options.ts';

const KNOWN = ['firestore', 'pubsub'];
const LOCAL_ONLY = ['host'];
const read = (args: readonly string[]) => readOptions(args, [...KNOWN, ...LOCAL_ONLY], LOCAL_ONLY);

describe('the options of the conformance suite', () => {
  it('look at every service of a local cloud when there are none', () => {
    assert.deepEqual(readOptions([], KNOWN), {
      target: { kind: 'local' },
      services: KNOWN,
      leftOut: [],
      grep: undefined,
    });
  });

  it('choose services and behaviours', () => {
    assert.deepEqual(readOptions(['--service', 'pubsub', '--grep', 'commit .*'], KNOWN), {
      ...{ target: { kind: 'local' }, services: ['pubsub'], leftOut: [], grep: /commit .*/i },
    });
  });

  it('look at another endpoint', () => {
    const options = readOptions(['--against', '127.0.0.1:8080', '--project', 'p'], KNOWN);
    const region = 'us-central1';
    assert.deepEqual(options?.target, { kind: 'endpoint', endpoint: '127.0.0.1:8080', project: 'p', region });
  });

  it('leave out elsewhere what a local cloud alone has, and say so', () => {
    assert.deepEqual(read([])?.services, [...KNOWN, 'host']);
    const { services, leftOut } = read(['--against', 'a:1']) ?? assert.fail();
    assert.deepEqual([services, leftOut], [KNOWN, LOCAL_ONLY]);
    assert.deepEqual(read(['--against', 'a:1', '--service', 'pubsub'])?.leftOut, []);
    assert.throws(() => read(['--real', '--project', 'p', '--service', 'host']), /--service host: .* local cloud only/);
  });

  it('look at Google Cloud itself', () => {
    const options = readOptions(['--real', '--project', 'p', '--region', 'europe-west1'], KNOWN);
    assert.deepEqual(options?.target, { kind: 'google', project: 'p', region: 'europe-west1' });
  });

  it('are not read on when help is asked for', () => {
    assert.equal(readOptions(['--help'], KNOWN), undefined);
  });

  const wrong: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
    'a service without a suite': [
      ['--service', 'spanner'],
      /no suite of "spanner"; the suites are firestore, pubsub\.$/,
    ],
    'an option that there is not': [['--fast'], /^Unknown option '--fast'; --help lists the options\.$/],
    'an endpoint without a port': [['--against', 'localhost'], /"localhost" is not HOST:PORT/],
    'two targets': [['--against', 'a:1', '--real'], /not both\.$/],
    'Google Cloud without a project': [['--real'], /^--real needs --project ID/],
    'a project of the local cloud': [['--project', 'p'], /--project goes with --real/],
    'a pattern that is none': [['--grep', '('], /"\(" is not a regular expression\.$/],
  };
  for (const [what, [args, message]] of Object.entries(wrong))
    it(`refuse ${what} in a sentence`, () => {
      assert.throws(
        () => readOptions(args, KNOWN),
        (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
      );
    });
});
