import { type CliCommand, UsageError, type Values } from './command.ts';
import { terminalOf } from './terminal.ts';
import { readCount } from './variables.ts';

const environments = ['production', 'staging'];
const DEFAULT_CANARY = '10';

export const deploy: CliCommand = {
  summary: 'Deploys everything to a project of Google Cloud, or says what is missing for that.',
  options: {
    project: { type: 'string', value: 'PROJECT', description: 'The project; required.' },
    region: {
      type: 'string',
      value: 'REGION',
      multiple: true,
      description: 'Where functions run; required. The first one handles events.',
    },
    environment: { type: 'string', value: 'NAME', description: `${environments.join(' or ')}; default production.` },
    canary: {
      type: 'string',
      value: 'PERCENT',
      description: `Share of requests that new revisions are tried with; default ${DEFAULT_CANARY}.`,
    },
    plan: { type: 'boolean', description: 'Only shows what would be done.' },
  },
  examples: [
    'virtuoso deploy --project my-project --region us-central1 --plan',
    'virtuoso deploy --project my-project --region us-central1 --region us-east1 --environment staging',
  ],
  run: deployCommand,
};

export const rollback: CliCommand = {
  summary: 'Gives all requests to the revisions from before the last deployment.',
  options: {
    project: { type: 'string', value: 'PROJECT', description: 'The project; required.' },
    region: { type: 'string', value: 'REGION', description: 'The region; required.' },
    to: { type: 'string', value: 'RELEASE', description: 'A release by its name; default the one before.' },
  },
  examples: ['virtuoso rollback --project my-project --region us-central1'],
  run: rollbackCommand,
};

async function deployCommand(operands: readonly string[], values: Values): Promise<number> {
  refuseOperands('deploy', operands);
  const environment = (values.environment as string | undefined) ?? 'production';
  if (!environments.includes(environment))
    throw new UsageError(`'--environment ${environment}' must be ${environments.join(' or ')}.`);
  const canaryPercent = readCount((values.canary as string | undefined) ?? DEFAULT_CANARY, 'canary', 1, 100);
  const terminal = terminalOf(process.stdout, { colour: false });
  const { deploy } = await import('../deploy/release/deploy.ts');
  const { createTools } = await import('../deploy/release/tools.ts');
  const { buildFunctions, PROJECT } = await import('../deploy/build.ts');
  const { smoke } = await import('../deploy/smoke-tests.ts');
  const say = (line: string) => terminal.write(`${line}\n`);
  return await toolsOwn(() =>
    deploy({
      ...{ environment, canaryPercent, say, folder: PROJECT, plan: values.plan === true },
      project: required(values, 'project'),
      regions: requiredList(values, 'region'),
      release: releaseName(new Date()),
      run: createTools({ cwd: PROJECT, environment: process.env, show: (text) => terminal.write(text) }),
      build: async () => [...(await buildFunctions({ minify: true })).folders.keys()],
      smoke: async (url, apiKey) => {
        // With a share of the requests, new revisions are met only now and then.
        const times = Math.min(20, Math.ceil(100 / canaryPercent));
        for (let time = 0; time < times; time++) await smoke({ url, apiKey, timeoutMs: 120_000, passed: say });
      },
    }),
  );
}

async function rollbackCommand(operands: readonly string[], values: Values): Promise<number> {
  refuseOperands('rollback', operands);
  const terminal = terminalOf(process.stdout, { colour: false });
  const { rollback } = await import('../deploy/release/rollback.ts');
  const { PROJECT } = await import('../deploy/build.ts');
  const { createTools } = await import('../deploy/release/tools.ts');
  return await toolsOwn(() =>
    rollback({
      project: required(values, 'project'),
      region: required(values, 'region'),
      to: values.to as string | undefined,
      run: createTools({ cwd: PROJECT, environment: process.env, show: (text) => terminal.write(text) }),
      say: (line) => terminal.write(`${line}\n`),
    }),
  );
}

/** What gcloud or Terraform could not do is told in their words. @throws UsageError */
async function toolsOwn(work: () => Promise<number>): Promise<number> {
  const { ToolError } = await import('../deploy/release/tools.ts');
  return await work().catch((error: unknown) => {
    throw error instanceof ToolError ? new UsageError(error.message) : error;
  });
}

/** `r20261127-183000`: later ones sort behind earlier ones. */
export function releaseName(now: Date): string {
  return `r${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
}

function required(values: Values, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`Name the ${name}: '--${name} …'.`);
  return value;
}

function requiredList(values: Values, name: string): readonly string[] {
  const value = values[name];
  if (!Array.isArray(value) || value.length === 0) throw new UsageError(`Name the ${name}: '--${name} …'.`);
  return value as readonly string[];
}

function refuseOperands(command: string, operands: readonly string[]): void {
  if (operands.length > 0)
    throw new UsageError(`'${command}' takes no '${operands[0]}'. See 'virtuoso ${command} --help'.`);
}
