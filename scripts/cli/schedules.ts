import { ApiError } from './api-answer.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { readRemote, remoteOptions } from './target.ts';
import { terminalOf } from './terminal.ts';

const actions = ['list', 'create', 'pause', 'resume', 'delete'] as const;
type Action = (typeof actions)[number];

/** A schedule, as far as it is shown. */
interface Shown {
  readonly id: string;
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly active: boolean;
  readonly nextTimes: readonly string[];
}

export const schedules: CliCommand = {
  summary: 'Lists, makes, pauses and deletes the schedules of an API: runs that are started again and again.',
  operands: '[list|create|pause|resume|delete] [ID…]',
  options: {
    ...remoteOptions,
    name: { type: 'string', value: 'NAME', description: 'Of a new one.' },
    cron: { type: 'string', value: 'CRON', description: "When a new one is due: '0 9 * * 1-5'." },
    zone: { type: 'string', value: 'ZONE', description: 'Its time zone: Europe/Berlin. Default: Etc/UTC.' },
    test: { type: 'string', value: 'ID', multiple: true, description: 'A test that it runs.' },
    suite: { type: 'string', value: 'ID', description: 'The suite that it runs.' },
    tag: { type: 'string', value: 'TAG', multiple: true, description: 'It runs all tests with one of these tags.' },
    environment: { type: 'string', value: 'NAME', description: 'The stored environment of its runs.' },
    missed: { type: 'string', value: 'POLICY', description: 'skip or run-once, for times that were missed.' },
    overlap: { type: 'string', value: 'POLICY', description: 'allow or skip, while the run before still runs.' },
    json: { type: 'boolean', description: "Prints the API's answers as JSON." },
  },
  examples: [
    'virtuoso schedules --url https://api.example.com',
    "virtuoso schedules create --name Nightly --cron '30 2 * * *' --zone Europe/Berlin --tag nightly",
    'virtuoso schedules pause sch_…',
  ],
  run: schedulesCommand,
};

async function schedulesCommand([action = 'list', ...ids]: readonly string[], values: Values): Promise<number> {
  if (!isAction(action)) throw new UsageError(`'${action}' is not one of ${actions.join(', ')}.`);
  const needsIds = action !== 'list' && action !== 'create';
  if (needsIds === (ids.length === 0))
    throw new UsageError(needsIds ? `Name what to ${action} by its id: 'sch_…'.` : `'${action}' takes no ids.`);
  const remote = readRemote(values);
  if (!remote) throw new UsageError('Name the API: give --url or set VIRTUOSO_URL.');
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  try {
    const found = await act(action, ids, values, createApiClient(remote.url, remote.apiKey));
    terminal.write(values.json ? `${JSON.stringify(found, null, 2)}\n` : told(action, found, ids));
    return 0;
  } catch (error) {
    throw error instanceof ApiError ? new UsageError(error.message) : error;
  }
}

const isAction = (text: string): text is Action => (actions as readonly string[]).includes(text);
const pathOf = (id: string): string => `/v1/schedules/${encodeURIComponent(id)}`;

async function act(action: Action, ids: readonly string[], values: Values, api: ApiClient): Promise<readonly Shown[]> {
  if (action === 'list') return await api.list<Shown>('/v1/schedules');
  if (action === 'create') return [await api.send<Shown>('POST', '/v1/schedules', requestOf(values))];
  const changed: Shown[] = [];
  for (const id of ids) {
    if (action === 'delete') await api.send('DELETE', pathOf(id));
    else changed.push(await api.send<Shown>('PATCH', pathOf(id), { active: action === 'resume' }));
  }
  return changed;
}

/** What is not said is the API's to decide, and to miss. */
function requestOf({ name, cron, zone, test, suite, tag, environment, missed, overlap }: Values): object {
  return { name, cron, timeZone: zone, missed, overlap, run: { tests: test, suite, tags: tag, environment } };
}

function told(action: Action, found: readonly Shown[], ids: readonly string[]): string {
  if (action === 'delete') return ids.map((id) => `${id} is deleted.\n`).join('');
  if (found.length === 0) return 'There are no schedules.\n';
  return found.map(line).join('');
}

const line = ({ id, name, cron, timeZone, active, nextTimes }: Shown): string =>
  `${id}  ${name}  ${cron} ${timeZone}  ${active ? `next ${nextTimes[0] ?? 'never'}` : 'paused'}\n`;
