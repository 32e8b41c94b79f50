import type { RunTool } from './tools.ts';

/** Something that a deployment needs and that is not there, and the command that mends it. */
export interface Missing {
  readonly what: string;
  readonly mend: string;
}

/** APIs that are needed before Terraform can enable the others. */
const FIRST_APIS = ['artifactregistry', 'cloudresourcemanager', 'iam', 'run', 'serviceusage', 'storage'].map(
  (name) => `${name}.googleapis.com`,
);

/** Any of a line's roles will do; roles/owner does for all. */
const ROLES = [
  ['roles/editor'],
  ['roles/resourcemanager.projectIamAdmin'],
  ['roles/run.admin'],
  ['roles/secretmanager.admin'],
  ['roles/iam.serviceAccountAdmin'],
  ['roles/storage.admin'],
  ['roles/logging.configWriter'],
  ['roles/datacatalog.categoryAdmin'],
];

const TOOLS: readonly (readonly [command: string, args: readonly string[], mend: string])[] = [
  ['gcloud', ['--version'], 'see https://cloud.google.com/sdk/docs/install'],
  ['terraform', ['version'], 'see https://developer.hashicorp.com/terraform/install'],
  ['docker', ['--version'], 'see https://docs.docker.com/engine/install/'],
];

/**
 * What a deployment to the project lacks. What cannot be asked because of something that lacks is not asked: without
 * gcloud, there is no more to know.
 */
export async function findMissing(run: RunTool, project: string): Promise<Missing[]> {
  const missing: Missing[] = [];
  for (const [command, args, mend] of TOOLS) {
    const { code } = await run(command, args);
    if (code !== 0) missing.push({ what: `${command} is not installed`, mend });
  }
  if (missing.some(({ what }) => what.startsWith('gcloud'))) return missing;

  const ask = async (...args: readonly string[]) => {
    const { code, stdout } = await run('gcloud', args);
    return code === 0 ? stdout.trim() : undefined;
  };
  const account = await ask('auth', 'list', '--filter=status:ACTIVE', '--format=value(account)');
  if (!account) return [...missing, { what: 'nobody is logged in', mend: 'gcloud auth login' }];
  if (!(await ask('auth', 'application-default', 'print-access-token')))
    missing.push({ what: 'Terraform has no credentials', mend: 'gcloud auth application-default login' });
  if (!(await ask('projects', 'describe', project, '--format=value(projectId)')))
    return [
      ...missing,
      {
        what: `there is no project ${project}, or ${account} may not see it`,
        mend: `gcloud projects create ${project}`,
      },
    ];
  if (
    (await ask('billing', 'projects', 'describe', project, '--format=value(billingEnabled)'))?.toLowerCase() !== 'true'
  )
    missing.push({
      what: `${project} has no billing account`,
      mend: `gcloud billing projects link ${project} --billing-account=ACCOUNT (gcloud billing accounts list)`,
    });

  const enabled = (
    (await ask('services', 'list', '--enabled', `--project=${project}`, '--format=value(config.name)')) ?? ''
  ).split('\n');
  const apis = FIRST_APIS.filter((api) => !enabled.includes(api));
  if (apis.length > 0)
    missing.push({
      what: `${apis.length === 1 ? 'an API is' : 'APIs are'} not enabled: ${apis.join(', ')}`,
      mend: `gcloud services enable ${apis.join(' ')} --project=${project}`,
    });
  return [...missing, ...(await missingRoles(ask, project, account))];
}

async function missingRoles(
  ask: (...args: readonly string[]) => Promise<string | undefined>,
  project: string,
  account: string,
): Promise<Missing[]> {
  const kind = account.endsWith('.gserviceaccount.com') ? 'serviceAccount' : 'user';
  const given = await ask(
    ...['projects', 'get-iam-policy', project, '--flatten=bindings[].members'],
    ...[`--filter=bindings.members:${kind}:${account}`, '--format=value(bindings.role)'],
  );
  const roles = (given ?? '').split('\n');
  if (roles.includes('roles/owner')) return [];
  return ROLES.filter((anyOf) => !anyOf.some((role) => roles.includes(role))).map(([role = '']) => ({
    what: `${account} lacks ${role}`,
    mend: `gcloud projects add-iam-policy-binding ${project} --member=${kind}:${account} --role=${role}`,
  }));
}
