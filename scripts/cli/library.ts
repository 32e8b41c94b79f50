import { readFile } from 'node:fs/promises';
import { ApiError } from './api-answer.ts';
import { createApiClient } from './api-client.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { readRemote, remoteOptions } from './target.ts';
import { terminalOf } from './terminal.ts';

/** A version of a checkpoint, as far as it is shown. */
interface Shown {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

export const library: CliCommand = {
  summary: 'Stores checkpoints that tests use by name in the library of an API, and lists them.',
  operands: '[list|push] [FILE…]',
  options: { ...remoteOptions, json: { type: 'boolean', description: "Prints the API's answers as JSON." } },
  examples: ['virtuoso library push log-in.yaml --url https://api.example.com', 'virtuoso library'],
  run: libraryCommand,
};

async function libraryCommand([action = 'list', ...files]: readonly string[], values: Values): Promise<number> {
  if (action !== 'list' && action !== 'push') throw new UsageError(`'${action}' is not one of list, push.`);
  if ((action === 'push') === (files.length === 0))
    throw new UsageError(action === 'push' ? "Name a file: 'virtuoso library push FILE'." : "'list' takes no files.");
  const remote = readRemote(values);
  if (!remote) throw new UsageError('Name the API: give --url or set VIRTUOSO_URL.');
  const api = createApiClient(remote.url, remote.apiKey);
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const found: Shown[] = [];
  try {
    if (action === 'list') found.push(...(await api.list<Shown>('/v1/library')));
    else for (const file of files) found.push(await api.send<Shown>('POST', '/v1/library', await bytesOf(file)));
  } catch (error) {
    throw error instanceof ApiError ? new UsageError(error.message) : error;
  }
  if (values.json) terminal.write(`${JSON.stringify(found, null, 2)}\n`);
  else if (found.length === 0) terminal.write('There are no checkpoints.\n');
  else terminal.write(found.map(({ id, name, version }) => `${name}@${version}  ${id}\n`).join(''));
  return 0;
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`The file '${file}' cannot be read: ${(error as Error).message}.`);
  }
}
