import type { CliCommand } from './command.ts';
import { withNamedRun } from './named-run.ts';
import { remoteOptions } from './target.ts';

export const cancel: CliCommand = {
  summary: 'Ends a run of an API: what runs is stopped, what waits is not started.',
  operands: 'RUN',
  options: { ...remoteOptions, json: { type: 'boolean', description: 'Prints the run as JSON.' } },
  examples: ['virtuoso cancel run_… --url https://api.example.com'],
  run: (operands, values) =>
    withNamedRun(operands, values, async ({ api, id, terminal }) => {
      const run = await api.endRun(id);
      const ended = run.status !== undefined && run.status !== 'queued' && run.status !== 'running';
      if (values.json) process.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
      terminal.write(ended ? `${id} has ended already: ${run.status}.\n` : `${id} is being cancelled.\n`);
      return 0;
    }),
};
