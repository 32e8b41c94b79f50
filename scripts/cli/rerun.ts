import { randomUUID } from 'node:crypto';
import type { CliCommand, Values } from './command.ts';
import { type NamedRun, withNamedRun } from './named-run.ts';
import { prepareReport } from './save-report.ts';
import { seeRun } from './see-run.ts';
import { remoteOptions } from './target.ts';
import { paint } from './terminal.ts';

export const rerun: CliCommand = {
  summary: 'Runs the tests of a run of an API again, and shows how it goes.',
  operands: 'RUN',
  options: {
    ...remoteOptions,
    failed: {
      type: 'boolean',
      description: 'Only what did not pass; the report then has what passed before, too.',
    },
    environment: { type: 'string', value: 'NAME', description: 'Another stored environment than before.' },
    report: { type: 'string', value: 'DIR', description: 'Folder of the report; default virtuoso-report.' },
    json: { type: 'boolean', description: 'Prints the results as JSON, and nothing else, to standard output.' },
  },
  examples: ['virtuoso rerun run_… --failed --url https://api.example.com'],
  run: (operands, values) => withNamedRun(operands, values, (named) => again(named, values)),
};

async function again({ api, id, ...seen }: NamedRun, values: Values): Promise<number> {
  const reportFolder = (values.report as string | undefined) ?? 'virtuoso-report';
  await prepareReport({ folder: reportFolder });
  const environment = values.environment as string | undefined;
  const started = await api.rerun(
    id,
    { ...(values.failed ? { failedOnly: true } : {}), ...(environment === undefined ? {} : { environment }) },
    randomUUID(),
  );
  const what = values.failed ? `again what did not pass of ${id}` : `${id} again`;
  seen.terminal.write(`${paint(seen.terminal, 'dim', `${started.id}: ${what}`)}\n`);
  const { run, report } = await seeRun(api, started.id, { ...seen, reportFolder });
  if (values.json) process.stdout.write(`${JSON.stringify(report ?? run, null, 2)}\n`);
  return run.status === 'passed' ? 0 : 1;
}
