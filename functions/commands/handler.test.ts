import assert from 'node:assert/strict';
import { commands } from '../../shared/commands/index.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest } from '../testing.ts';
import { listCommands, readCommand, validateSteps } from './handler.ts';

const services = withBase({}) as never;
interface View {
  name: string;
  schema: { properties: object; required: string[] };
  examples: object[];
}

describe('the catalogue of commands', () => {
  it('has every command, with the schema of its step and an example', async () => {
    const { items } = (await listCommands.handle(aRequest() as never, services)).body as { items: View[] };
    assert.deepEqual(
      items.map(({ name }) => name),
      commands.map(({ name }) => name),
    );
    for (const { name, schema, examples } of items) {
      assert.ok(schema.required.includes('command') && examples.length > 0, name);
    }
  });

  it('tells one by its name, and which one may have been meant', async () => {
    const read = (name: string) => readCommand.handle(aRequest({ params: { name } }) as never, services);
    assert.equal(((await read('interact.click')).body as View).name, 'interact.click');
    await assert.rejects(read('interact.clik'), appError('not-found', /Did you mean 'interact\.click'\?/));
  });
});

describe('validating steps', () => {
  const validate = async (...steps: unknown[]) =>
    (await validateSteps.handle(aRequest({ body: { steps } }) as never, services)).body as {
      valid: boolean;
      problems: { pointer: string; message: string; hint?: string }[];
    };

  it('accepts every example of the catalogue', async () => {
    const examples = commands.flatMap((command) => command.examples);
    assert.deepEqual(await validate(...examples), { valid: true, problems: [] });
  });

  it('points to what is wrong, in inner steps too, with a hint', async () => {
    const { valid, problems } = await validate(
      { command: 'interact.clik', target: 'x' },
      { command: 'interact.click', target: 'x', positoin: 'CENTER' },
      { command: 'control.loop', times: 2, steps: [{ command: 'misc.log' }] },
      'click',
      {},
    );
    assert.equal(valid, false);
    assert.deepEqual(
      problems.map(({ pointer, hint }) => [pointer, hint?.startsWith('did you mean') ?? false]),
      [
        ['/steps/0/command', true],
        ['/steps/1/positoin', true],
        ['/steps/2/steps/0/text', false],
        ['/steps/3', false],
        ['/steps/4/command', false],
      ],
    );
  });
});
