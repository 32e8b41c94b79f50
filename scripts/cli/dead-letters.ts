import { type CliCommand, UsageError, type Values } from './command.ts';
import type { DeadLetter } from './dead-letter.ts';
import { fits, type LetterFilter } from './letter-filter.ts';
import { terminalOf } from './terminal.ts';

const actions = ['list', 'replay', 'drop'] as const;
type Action = (typeof actions)[number];

export const deadLetters: CliCommand = {
  summary: 'Lists events and tasks that nobody could handle, sends them again or drops them.',
  operands: '[list|replay|drop] [ID…|all]',
  options: {
    cloud: {
      type: 'string',
      value: 'URL',
      description: 'A local cloud. Default: Google Cloud, by GCP_PROJECT_ID and the credentials of this machine.',
    },
    what: {
      type: 'string',
      value: 'PATTERN',
      description: 'Only of this type of event, or this task; * stands for anything.',
    },
    from: { type: 'string', value: 'TEXT', description: 'Only of subscriptions and queues with this in their names.' },
    reason: { type: 'string', value: 'TEXT', description: 'Only with this in their reason.' },
    json: { type: 'boolean', description: 'Prints the letters as JSON.' },
  },
  examples: [
    'virtuoso dead-letters --cloud http://127.0.0.1:8080',
    'virtuoso dead-letters replay all',
    "virtuoso dead-letters replay --what 'run.*' --reason timeout",
    'virtuoso dead-letters drop 4f1c0a9e22b7',
  ],
  run: deadLettersCommand,
};

async function deadLettersCommand([action = 'list', ...ids]: readonly string[], values: Values): Promise<number> {
  if (!isAction(action)) throw new UsageError(`'${action}' is not one of ${actions.join(', ')}.`);
  const { what, from, reason } = values as LetterFilter;
  const filtered = [what, from, reason].some((value) => value !== undefined);
  if (action !== 'list' && ids.length === 0 && !filtered)
    throw new UsageError(`Name what to ${action}: ids of 'virtuoso dead-letters', all, or --what, --from or --reason.`);
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { openLetterBox } = await import('./letter-box.ts');
  const box = await openLetterBox(values.cloud as string | undefined);
  try {
    const letters = await box.letters();
    const named = ids.length === 0 || ids.includes('all') ? letters : letters.filter(({ id }) => ids.includes(id));
    const wanted = named.filter((letter) => fits({ what, from, reason }, letter));
    const strange = ids.filter((id) => id !== 'all' && !letters.some((letter) => letter.id === id));
    if (strange.length > 0 && action !== 'list')
      throw new UsageError(`There is no dead letter ${strange.join(', ')}: 'virtuoso dead-letters' lists them.`);
    const stuck = action === 'replay' ? wanted.filter(({ to }) => !to) : [];
    if (action === 'replay') await box.replay(wanted.filter(({ to }) => to));
    if (action === 'drop') await box.drop(wanted);
    if (values.json) terminal.write(`${JSON.stringify(wanted.map(shown), null, 2)}\n`);
    else terminal.write(`${wanted.map(line).join('')}${total(action, wanted.length - stuck.length)}`);
    for (const { id, what } of stuck)
      process.stderr.write(`${id} cannot be sent again: there is nobody any more who is told of ${what}.\n`);
    return stuck.length > 0 ? 1 : 0;
  } finally {
    await box.close();
  }
}

const isAction = (text: string): text is Action => (actions as readonly string[]).includes(text);
const line = ({ id, what, from, reason }: DeadLetter): string => `${id}  ${what}  ${from}  ${reason}\n`;
const words: Readonly<Record<Action, string>> = { list: '', replay: ' sent again', drop: ' dropped' };
const total = (action: Action, count: number): string =>
  `${count} dead ${count === 1 ? 'letter' : 'letters'}${words[action]}.\n`;

function shown({ id, what, from, reason, pulled }: DeadLetter): object {
  return { id, what, from, reason, attributes: pulled.attributes, data: pulled.data.toString('utf8') };
}
