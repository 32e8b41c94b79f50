import assert from 'node:assert/strict';
import { type CliCommand, help, parse, UsageError } from './command.ts';

const command: CliCommand = {
  name: 'brew',
  summary: 'Brews coffee.',
  operands: 'CUPS…',
  options: {
    beans: { type: 'string', value: 'NAME', description: 'Which beans.' },
    milk: { type: 'string', value: 'KIND', multiple: true, description: 'Milk.' },
    strong: { type: 'boolean', description: 'Twice the beans.' },
  },
  examples: ['virtuoso brew 2 --strong'],
  run: async () => 0,
};

function refused(args: string[], message: RegExp) {
  assert.throws(
    () => parse(command, args),
    (error) => error instanceof UsageError && message.test(error.message),
  );
}

describe('the arguments of a command', () => {
  it('are operands and options, in any order', () => {
    const { operands, values } = parse(command, [
      '1',
      '--beans=moka',
      '2',
      '--milk',
      'oat',
      '--milk',
      'soy',
      '--strong',
    ]);
    assert.deepEqual(operands, ['1', '2']);
    assert.deepEqual({ ...values }, { beans: 'moka', milk: ['oat', 'soy'], strong: true });
  });

  it('are operands behind --', () => {
    assert.deepEqual(parse(command, ['--', '--beanz']).operands, ['--beanz']);
  });

  it('name the nearest option for one that does not exist', () => {
    refused(['--beens', 'x'], /no option '--beens'. Did you mean '--beans'\?/);
    refused(['--strnog=1'], /Did you mean '--strong'\?/);
    refused(['--zzzzzzzz'], /no option '--zzzzzzzz'. See 'virtuoso brew --help'/);
    refused(['--toString'], /no option '--toString'/);
    refused(['-x'], /'-x'.*virtuoso brew --help/);
  });

  it('say in one line what is wrong with a value', () => {
    refused(['--beans'], /^Option '--beans <value>' argument missing\. See 'virtuoso brew --help'\.$/);
    refused(['--strong=yes'], /^Option '--strong' does not take an argument\. See 'virtuoso brew --help'\.$/);
  });

  it('ask for help by --help and -h', () => {
    assert.equal(parse(command, ['-h']).values.help, true);
    assert.equal(parse(command, ['--help']).values.help, true);
  });
});

describe('the help of a command', () => {
  it('is made of its declaration', () => {
    assert.equal(
      help(command),
      [
        'Brews coffee.',
        '',
        'Usage: virtuoso brew CUPS… [options]',
        '',
        'Options:',
        '  --beans NAME  Which beans.',
        '  --milk KIND   Milk. May be given several times.',
        '  --strong      Twice the beans.',
        '  --no-color    Without colours. Or NO_COLOR.',
        '  --help        Shows this help.',
        '',
        'Examples:',
        '  virtuoso brew 2 --strong',
        '',
      ].join('\n'),
    );
  });
});
