import type { LocalCloud } from '../local/cloud.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { withInterrupt } from './interrupt.ts';
import { DEFAULT_DATA, DEFAULT_PARALLEL, startLocalCloud } from './local-cloud.ts';
import { prettyLine } from './pretty-log.ts';
import { paint, type Terminal, terminalOf } from './terminal.ts';
import { readCount } from './variables.ts';

const DEFAULT_PORT = '8484';

export const serve: CliCommand = {
  name: 'serve',
  summary: 'Keeps the local cloud up until it is stopped (Ctrl-C), with the logs of the functions.',
  options: {
    port: { type: 'string', value: 'PORT', description: `Default ${DEFAULT_PORT}; 0 for any that is free.` },
    data: { type: 'string', value: 'DIR', description: `Folder that everything is kept in; default ${DEFAULT_DATA}.` },
    memory: { type: 'boolean', description: 'Forgets everything at its end.' },
    parallel: { type: 'string', value: 'N', description: `Browsers at a time; default ${DEFAULT_PARALLEL}.` },
    log: { type: 'string', value: 'FORM', description: 'pretty, json or quiet; default pretty.' },
  },
  examples: ['virtuoso serve', 'virtuoso serve --port 9000 --memory --log json'],
  run: serveCommand,
};

async function serveCommand(operands: readonly string[], values: Values): Promise<number> {
  if (operands.length > 0) throw new UsageError(`'serve' takes no '${operands[0]}'. See 'virtuoso serve --help'.`);
  const colour = !values['no-color'];
  const logs = terminalOf(process.stdout, { colour });
  // Who reads JSON lines is a program: what is for people goes beside them.
  const terminal = values.log === 'json' ? terminalOf(process.stderr, { colour }) : logs;
  const log = logTo((values.log as string | undefined) ?? 'pretty', logs);
  const port = readCount((values.port as string | undefined) ?? DEFAULT_PORT, 'port', 0, 65_535);
  let up = false;
  const code = await withInterrupt(terminal, async (signal) => {
    terminal.write('Starting…\n');
    const cloud = await startLocalCloud(values, { port, log });
    try {
      up = true;
      if (signal.aborted) return 0;
      terminal.write(greeting(cloud, terminal));
      await new Promise((stopped) => signal.addEventListener('abort', stopped, { once: true }));
      return 0;
    } finally {
      await cloud.close();
    }
  });
  // To be stopped is how it ends.
  return up ? 0 : code;
}

function logTo(form: string, terminal: Terminal): (line: string) => void {
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
    '',
    `  export VIRTUOSO_URL=${origin} VIRTUOSO_API_KEY=${apiKey}`,
    `  curl -H "X-API-Key: $VIRTUOSO_API_KEY" $VIRTUOSO_URL/v1/runs`,
    '  npx virtuoso run tests/',
    '',
    'Ctrl-C stops it.',
    '',
    '',
  ].join('\n');
}
