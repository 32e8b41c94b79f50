import type { CliCommand, Values } from './command.ts';
import { type NamedRun, withNamedRun } from './named-run.ts';
import { hearNews } from './run-news.ts';
import { prepareReport } from './save-report.ts';
import { seeRun } from './see-run.ts';
import { remoteOptions } from './target.ts';

export const watch: CliCommand = {
  summary: 'Shows how a run of an API goes, whoever started it, and saves its report.',
  operands: 'RUN',
  options: {
    ...remoteOptions,
    report: { type: 'string', value: 'DIR', description: 'Folder of the report; default virtuoso-report.' },
    json: { type: 'boolean', description: 'Prints each event of the run as a line of JSON, and nothing else.' },
  },
  examples: ['virtuoso watch run_… --url https://api.example.com', 'virtuoso watch run_… --json'],
  run: (operands, values) =>
    withNamedRun(operands, values, (named) => (values.json ? printEvents(named) : show(named, values))),
};

async function show({ api, id, ...seen }: NamedRun, values: Values): Promise<number> {
  const reportFolder = (values.report as string | undefined) ?? 'virtuoso-report';
  await api.readRun(id);
  await prepareReport({ folder: reportFolder });
  const { run } = await seeRun(api, id, { ...seen, reportFolder, interrupted: 'goes-on' });
  return run.status === 'passed' ? 0 : 1;
}

async function printEvents({ api, id, signal, problems }: NamedRun): Promise<number> {
  await api.readRun(id);
  const complete = await hearNews(api, id, ({ data }) => void process.stdout.write(`${data}\n`), { until: signal });
  signal.throwIfAborted();
  if (!complete) problems.write(`${api.url} gives no more events of the run.\n`);
  return (await api.readRun(id)).status === 'passed' ? 0 : 1;
}
