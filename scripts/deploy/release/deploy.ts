import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '../../../shared/resources/index.ts';
import { firstSecret } from '../first-secret.ts';
import { stableRevisions, writeStableRevisions } from '../pipeline/stable-revisions.ts';
import { findMissing } from './requirements.ts';
import { must, type RunTool } from './tools.ts';

export interface DeployOptions {
  readonly project: string;
  /** The first one handles events. */
  readonly regions: readonly string[];
  readonly environment: string;
  /** Only shows what would be done. */
  readonly plan: boolean;
  /** Share of requests that new revisions are tried with. */
  readonly canaryPercent: number;
  /** Unique: ends the names of the revisions. */
  readonly release: string;
  /** The project's folder; what is made on the way goes to `.build/deploy`. */
  readonly folder: string;
  readonly run: RunTool;
  /** Builds the bundles; gives the functions' names. */
  build(): Promise<readonly string[]>;
  smoke(url: string, apiKey: string): Promise<void>;
  /** Tells people. */
  say(line: string): void;
}

/** Deploys everything. Gives the exit code: 1 when something is missing or the smoke tests failed. */
export async function deploy(options: DeployOptions): Promise<number> {
  const { project, run, say, plan, regions } = options;
  const missing = await findMissing(run, project);
  if (missing.length > 0) {
    for (const { what, mend } of missing) say(`missing: ${what}\n  mend: ${mend}`);
    return 1;
  }
  const work = join(options.folder, '.build/deploy');
  mkdirSync(work, { recursive: true });
  const names = await options.build();
  say(`${names.length} functions are built`);
  await script(options, 'prepare.sh', plan ? { PLAN: '1' } : {});
  writeStableRevisions(work);
  if (plan) {
    planImages(work, names, options);
    await apply(options, 100);
    return 0;
  }
  await script(options, 'publish.sh');
  const stable = stableRevisions(JSON.parse(readFileSync(join(work, 'services.json'), 'utf8')));
  const isFirst = Object.keys(stable).length === 0;
  await apply(options, isFirst ? 100 : options.canaryPercent);
  await makeFirstSecrets(options);
  const url = await must(run, 'terraform', ['-chdir=scripts/deploy/terraform', 'output', '-raw', 'url']);
  if (isFirst) {
    const address = await must(run, 'terraform', ['-chdir=scripts/deploy/terraform', 'output', '-raw', 'address']);
    await script(options, 'finish.sh');
    say(`deployed for the first time: let the A record of ${new URL(url).host} be ${address}.`);
    say(`Once its certificate is there: VIRTUOSO_API_KEY=… node scripts/deploy/smoke.ts --url ${url}`);
    return 0;
  }
  return (await tried(options, url)) ? await promote(options, regions) : await goBack(options);
}

async function tried({ run, project, smoke, say }: DeployOptions, url: string): Promise<boolean> {
  const args = ['secrets', 'versions', 'access', 'latest', '--secret=virtuoso-api-key', `--project=${project}`];
  try {
    await smoke(url, await must(run, 'gcloud', args));
    return true;
  } catch (error) {
    say(`the smoke tests failed: ${(error as Error).message}`);
    return false;
  }
}

async function promote(options: DeployOptions, regions: readonly string[]): Promise<0> {
  await apply(options, 100);
  await script(options, 'finish.sh');
  options.say(`${options.release} takes all requests in ${regions.join(', ')}`);
  return 0;
}

async function goBack(options: DeployOptions): Promise<1> {
  await apply(options, 0);
  options.say('rolled back: the revisions from before take all requests');
  return 1;
}

/** Secrets that have no version yet get one, unless somebody must provide it. */
async function makeFirstSecrets({ run, project, say }: DeployOptions): Promise<void> {
  for (const secret of resources.secrets) {
    const of = [secret.name, `--project=${project}`];
    const listed = await must(run, 'gcloud', [
      'secrets',
      'versions',
      'list',
      ...of,
      '--limit=1',
      '--format=value(name)',
    ]);
    if (listed !== '') continue;
    const value = firstSecret(secret);
    if (value === undefined) continue;
    await must(run, 'gcloud', ['secrets', 'versions', 'add', ...of, '--data-file=-'], { input: value });
    say(`made the first version of the secret ${secret.name}`);
  }
}

/** A plan needs images; those of the last release will do, or some that stand for what is not published yet. */
function planImages(work: string, names: readonly string[], { project }: DeployOptions): void {
  const file = join(work, 'images.tfvars.json');
  if (existsSync(file)) return;
  const digest = `sha256:${'0'.repeat(64)}`;
  const area = readFileSync(join(work, 'area.txt'), 'utf8');
  const image = (name: string) => `${area}-docker.pkg.dev/${project}/virtuoso/${name}@${digest}`;
  writeFileSync(file, JSON.stringify({ images: Object.fromEntries(names.map((name) => [name, image(name)])) }));
}

const apply = (options: DeployOptions, percent: number): Promise<void> =>
  script(options, 'apply.sh', {
    CANARY_PERCENT: String(percent),
    REGIONS: JSON.stringify(options.regions),
    ...(options.plan && { PLAN: '1' }),
  });

/** Runs a script of the pipeline, as Cloud Build does. */
async function script(
  { run, project, regions, environment, release }: DeployOptions,
  name: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const variables = { PROJECT: project, REGION: regions[0] ?? '', ENVIRONMENT: environment, RELEASE: release, ...more };
  await must(run, 'sh', [`scripts/deploy/pipeline/${name}`], { environment: variables, shown: true });
}
