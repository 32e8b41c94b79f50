import { CHAOS_HELP } from '../local/chaos/settings.ts';
import type { LocalCloud } from '../local/cloud.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { interruption } from './interruption.ts';
import { prettyLine } from './pretty-log.ts';
import { DEFAULT_PARALLEL, startLocalCloud } from './target.ts';
import { paint, type Terminal, terminalOf } from './terminal.ts';
import { readCount } from './variables.ts';

const DEFAULT_PORT = '8484';

export const serve: CliCommand = {
  summary: 'Keeps the local cloud up until it is stopped (Ctrl-C), with the logs of the functions.',
  options: {
    port: { type: 'string', value: 'PORT', description: `Default ${DEFAULT_PORT}.` },
    data: { type: 'string', value: 'DIR', description: 'Folder that everything is kept in; default .virtuoso.' },
    memory: { type: 'boolean', description: 'Forgets everything at its end.' },
    parallel: { type: 'string', value: 'N', description: `Browsers at a time; default ${DEFAULT_PARALLEL}.` },
    chaos: {
      type: 'string',
      value: 'FAULTS',
      description: `Makes faults on purpose: ${CHAOS_HELP}`,
    },
    log: { type: 'string', value: 'FORM', description: 'pretty, json or quiet; default pretty.' },
  },
  examples: ['virtuoso serve', 'virtuoso serve --port 9000 --memory --log json'],
  run: serveCommand,
};

async function serveCommand(operands: readonly string[], values: Values): Promise<number> {
  if (operands.length > 0) throw new UsageError(`'serve' takes no '${operands[0]}'. See 'virtuoso serve --help'.`);
  const form = (values.log as string | undefined) ?? 'pretty';
  const colour = !values['no-color'];
  const log = logOf(form, colour);
  const port = readCount((values.port as string | undefined) ?? DEFAULT_PORT, 'port', 0, 65_535);
  // Log lines in JSON are for programs: people are told beside them.
  const terminal = terminalOf(form === 'json' ? process.stderr : process.stdout, { colour });
  const { happened, release } = interruption();
  try {
    const cloud = await startLocalCloud(values, { port, log });
    const { costTables } = await import('../local/billing/cost-words.ts');
    terminal.write(greeting(cloud, terminal));
    await happened;
    terminal.write('Stopping…\n');
    await cloud.close();
    if (cloud.meter.size > 0) terminal.write(`\n${costTables(cloud.meter)}`);
    return 0;
  } finally {
    release();
  }
}

function logOf(form: string, colour: boolean): (line: string) => void {
  const terminal = terminalOf(process.stdout, { colour });
  const forms: Readonly<Record<string, (line: string) => void>> = {
    json: (line) => terminal.write(`${line}\n`),
    pretty: (line) => terminal.write(prettyLine(line, terminal)),
    quiet: () => {},
  };
  const log = Object.hasOwn(forms, form) ? forms[form] : undefined;
  if (!log) throw new UsageError(`'--log ${form}' must be pretty, json or quiet.`);
  return log;
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
