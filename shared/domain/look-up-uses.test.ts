// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LibraryEntity } from '../../schemas/entities.ts';
import type { Step } from '../../schemas/step.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { type Lookup, lookUpUses, remembering, UseProblem } from './look-up-uses.ts';

const log = (text: string): Step => ({ command: 'misc.log', text });
const use = (checkpoint: string, given?: Record<string, unknown>): Step => ({
  command: 'control.use',
  checkpoint,
  ...(given ? { with: given } : {}),
});

const entity = (name: string, steps: Step[], parameters: LibraryEntity['parameters'] = []): LibraryEntity => ({
  id: `lib_${name}`,
  user_id: 'usr_1',
  name,
  version: 3,
  steps: steps as LibraryEntity['steps'],
  parameters,
  content_hash: 'h',
  created_at: new Date(0),
  updated_at: new Date(0),
});

const shelfOf = (...entities: LibraryEntity[]) => ({
  find: sinon.stub().callsFake(async (reference: string) => {
    const name = reference.replace(/@3$/, '');
    return entities.find((one) => one.name === name || one.id === reference);
  }),
  names: async () => entities.map(({ name }) => name),
});

const definition = (steps: Step[], more: Partial<TestDefinition> = {}): TestDefinition => ({
  name: 'x',
  tags: [],
  config: {},
  variables: {},
  data: [],
  setup: [],
  checkpoints: [{ name: 'c', steps }],
  teardown: [],
  ...more,
});

const expand = async (steps: Step[], shelf: Lookup): Promise<Step[] | undefined> =>
  (await lookUpUses(definition(steps), shelf)).checkpoints[0]?.steps;

describe('what a test uses', () => {
  it('is put into it: the steps, the version, the defaults and what was given', async () => {
    const shelf = shelfOf(entity('log in', [log('{{user}}')], [{ name: 'user' }, { name: 'pin', default: 7 }]));
    assert.deepEqual(await expand([{ ...use('log in', { user: 'ada' }), label: 'in' }, log('on')], shelf), [
      { ...use('log in@3', { pin: 7, user: 'ada' }), label: 'in', steps: [log('{{user}}')] },
      log('on'),
    ]);
  });

  it('is found by name, by name and version, and by id', async () => {
    const shelf = shelfOf(entity('a', [log('a')]));
    for (const reference of ['a', 'a@3', 'lib_a'])
      assert.deepEqual(await expand([use(reference)], shelf), [{ ...use('a@3', {}), steps: [log('a')] }]);
  });

  it('is found wherever it stands, also in what is used itself', async () => {
    const shelf = shelfOf(entity('a', [use('b')]), entity('b', [log('b')]));
    const b = { ...use('b@3', {}), steps: [log('b')] };
    const a = { ...use('a@3', {}), steps: [b] };
    const branch: Step = { command: 'control.if', condition: { exists: 'x' }, then: [use('a')], else: [log('x')] };
    assert.deepEqual(await expand([{ command: 'control.loop', times: 2, steps: [branch] }], shelf), [
      { command: 'control.loop', times: 2, steps: [{ ...branch, then: [a] }] },
    ]);
    const whole = await lookUpUses(definition([log('x')], { setup: [use('b')], teardown: [use('b')] }), shelf);
    assert.deepEqual([whole.setup, whole.teardown], [[b], [b]]);
  });

  it('leaves alone what has its steps already', async () => {
    const inline = { ...use('nowhere'), steps: [log('x')] };
    assert.deepEqual(await expand([inline], shelfOf()), [inline]);
  });

  it('is looked up once for all tests of a run', async () => {
    const shelf = shelfOf(entity('a', [log('a')]));
    const once = remembering(shelf);
    await Promise.all([expand([use('a'), use('a')], once), expand([use('a')], once)]);
    assert.equal(shelf.find.callCount, 1);
  });

  const problems: readonly [string, Step[], LibraryEntity[], string][] = [
    [
      'is not there',
      [use('log inn')],
      [entity('log in', [])],
      "The library has no checkpoint 'log inn'. Did you mean 'log in'?",
    ],
    [
      'is not there, with others',
      [use('search')],
      [entity('log in', [])],
      "The library has no checkpoint 'search'. It has log in.",
    ],
    ['is not there in an empty library', [use('a')], [], "The library has no checkpoint 'a'. It is empty."],
    [
      'is of a version that is not there',
      [use('a@9')],
      [entity('a', [])],
      "The library has 'a', but not the version 'a@9'.",
    ],
    [
      'uses itself',
      [use('a')],
      [entity('a', [use('b')]), entity('b', [use('a')])],
      'A library checkpoint uses itself: a@3 → b@3 → a@3.',
    ],
    [
      'lacks a variable',
      [use('a')],
      [entity('a', [], [{ name: 'user' }])],
      "'a@3' needs the variable 'user': give it in 'with'.",
    ],
    [
      'takes no such variable',
      [use('a', { usr: 1 })],
      [entity('a', [], [{ name: 'user', default: 1 }])],
      "'a@3' takes no variable 'usr'. Did you mean 'user'?",
    ],
    ['takes none', [use('a', { usr: 1 })], [entity('a', [])], "'a@3' takes no variable 'usr'. It takes none."],
  ];
  for (const [title, steps, entities, message] of problems) {
    it(`is a problem when it ${title}`, async () => {
      await assert.rejects(
        expand(steps, shelfOf(...entities)),
        (error) => error instanceof UseProblem && error.message === message,
      );
    });
  }

  it('is bounded in depth and in number', async () => {
    const chain = Array.from({ length: 12 }, (_, at) => entity(`c${at}`, [use(`c${at + 1}`)]));
    await assert.rejects(expand([use('c0')], shelfOf(...chain)), /more than 8 deep/);
    const deep = Array.from({ length: 6 }, (_, at) =>
      entity(`d${at}`, [{ command: 'control.loop', times: 1, steps: [use(`d${at + 1}`)] }]),
    );
    await assert.rejects(
      expand([use('d0')], shelfOf(...deep, entity('d6', [log('x')]))),
      /stand too deep inside others/,
    );
    const wide = Array.from({ length: 6 }, (_, at) =>
      entity(
        `w${at}`,
        Array.from({ length: 10 }, () => use(`w${at + 1}`)),
      ),
    );
    await assert.rejects(expand([use('w0')], shelfOf(...wide, entity('w6', [log('x')]))), /more than 10000 steps/);
  });
});
