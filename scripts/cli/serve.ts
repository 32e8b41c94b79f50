import { CloudError, type LocalCloud, startCloud } from '../local/cloud.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { prettyLine } from './pretty-log.ts';
import { paint, type Terminal, terminalOf } from './terminal.ts';
import { readCount } from './variables.ts';

const DEFAULT_PORT = '8484';

export const serve: CliCommand = {
  name: 'serve',
  summary: 'Keeps the local cloud up until it is stopped (Ctrl-C), with the logs of the functions.',
  options: {
    port: { type: 'string', value: 'PORT', description: `Default ${DEFAULT_PORT}.` },
    data: { type: 'string', value: 'DIR', description: 'Folder that everything is kept in; default .virtuoso.' },
    memory: { type: 'boolean', description: 'Forgets everything at its end.' },
    parallel: { type: 'string', value: 'N', description: 'Browsers at a time; default 2.' },
    log: { type: 'string', value: 'FORM', description: 'pretty, json or quiet; default pretty.' },
  },
  examples: ['virtuoso serve', 'virtuoso serve --port 9000 --memory --log json'],
  run: serveCommand,
};

async function serveCommand(operands: readonly string[], values: Values): Promise<number> {
  if (operands.length > 0) throw new UsageError(`'serve' takes no '${operands[0]}'. See 'virtuoso serve --help'.`);
  const terminal = terminalOf(process.stdout, { colour: true });
  const cloud = await start(values, terminal);
  terminal.write(greeting(cloud, terminal));
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });
  terminal.write('Stopping…\n');
  await cloud.close();
  return 0;
}

async function start(values: Values, terminal: Terminal): Promise<LocalCloud> {
  const form = (values.log as string | undefined) ?? 'pretty';
  const forms: Record<string, (line: string) => void> = {
    json: (line) => terminal.write(`${line}\n`),
    pretty: (line) => terminal.write(prettyLine(line, terminal)),
    quiet: () => {},
  };
  const log = forms[form];
  if (!log) throw new UsageError(`'--log ${form}' must be pretty, json or quiet.`);
  try {
    return await startCloud({
      port: readCount((values.port as string | undefined) ?? DEFAULT_PORT, 'port', 0, 65_535),
      limits: {
        'run-session': { maxInstances: readCount((values.parallel as string | undefined) ?? '2', 'parallel', 1, 64) },
      },
      log,
      ...(values.memory ? {} : { data: (values.data as string | undefined) ?? '.virtuoso' }),
    });
  } catch (error) {
    throw error instanceof CloudError ? new UsageError(error.message) : error;
  }
}

function greeting({ origin, apiKey }: LocalCloud, terminal: Terminal): string {
  return [
    `${paint(terminal, 'bold', 'Virtuoso')} is up at ${paint(terminal, 'cyan', origin)}`,
    `API key: ${apiKey}`,
    '',
    `  curl -H 'X-API-Key: ${apiKey}' ${origin}/v1/runs`,
    `  npx virtuoso run tests/ --url ${origin} --api-key ${apiKey}`,
    '',
    '',
  ].join('\n');
}
