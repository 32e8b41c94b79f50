import assert from 'node:assert/strict';
import { type CliCommand, help, parse, UsageError } from './command.ts';

const command: CliCommand = {
  summary: 'Bakes cakes.',
  operands: 'CAKES…',
  options: {
    oven: { type: 'string', value: 'NAME', description: 'Where.' },
    topping: { type: 'string', value: 'KIND', multiple: true, description: 'What is on it.' },
    dry: { type: 'boolean', description: 'Bakes nothing.' },
  },
  examples: ['virtuoso bake apple'],
  run: async () => 0,
};
const refused = (args: string[], message: RegExp) =>
  assert.throws(
    () => parse('bake', command, args),
    (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
  );

describe('the arguments of a command', () => {
  it('are operands and options, in any order', () => {
    const { operands, values } = parse('bake', command, ['apple', '--oven', 'big', 'plum', '--dry', '--topping=a=b']);
    assert.deepEqual(operands, ['apple', 'plum']);
    assert.deepEqual({ ...values }, { oven: 'big', dry: true, topping: ['a=b'] });
  });

  it('gather an option that may be given several times; of any other the last one counts', () => {
    const { values } = parse('bake', command, ['--topping', 'x', '--oven', 'a', '--topping', 'y', '--oven', 'b']);
    assert.deepEqual(values.topping, ['x', 'y']);
    assert.equal(values.oven, 'b');
  });

  it('are all operands behind --', () => {
    assert.deepEqual(parse('bake', command, ['--dry', '--', '--oven', '-x']).operands, ['--oven', '-x']);
  });

  it('ask for help by --help and -h', () => {
    for (const flag of ['--help', '-h']) assert.equal(parse('bake', command, ['apple', flag]).values.help, true);
  });

  it('are refused with the nearest known option when one is unknown', () => {
    refused(['--topings', 'x'], /no option '--topings'\. Did you mean '--topping'\?/);
    refused(['--helpp'], /Did you mean '--help'\?/);
    refused(['--colander=3'], /no option '--colander'\. See 'virtuoso bake --help'/);
  });

  it('are refused when they name what every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString']) refused([`--${name}`], /There is no option/);
  });

  it('are refused in one sentence when a value is missing or not wanted, or a letter is unknown', () => {
    refused(['--oven'], /'--oven <value>' argument missing\. See 'virtuoso bake --help'\./);
    refused(['--dry=yes'], /'--dry' does not take an argument/);
    refused(['-x'], /Unknown option '-x'\. See 'virtuoso bake --help'\./);
  });
});

describe('the help of a command', () => {
  it('says what it is for, how it is used, each option in line, and examples', () => {
    assert.equal(
      help('bake', command),
      [
        'Bakes cakes.',
        '',
        'Usage: virtuoso bake CAKES… [options]',
        '',
        'Options:',
        '  --oven NAME     Where.',
        '  --topping KIND  What is on it. May be given several times.',
        '  --dry           Bakes nothing.',
        '  --no-color      Without colours. Or NO_COLOR.',
        '  -h, --help      Shows this help.',
        '',
        'Examples:',
        '  virtuoso bake apple',
        '',
      ].join('\n'),
    );
  });
});
