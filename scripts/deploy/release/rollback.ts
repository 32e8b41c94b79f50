import { must, type RunTool } from './tools.ts';

export interface RollbackOptions {
  readonly project: string;
  readonly region: string;
  /** The release to go back to; the one before the current one when absent. */
  readonly to: string | undefined;
  readonly run: RunTool;
  say(line: string): void;
}

interface Service {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly traffic?: readonly { readonly revisionName?: string; readonly percent?: number }[] };
}

interface Revision {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** Gives all requests of a region to the revisions from before. Gives the exit code: 1 when there are none of a function. */
export async function rollback(options: RollbackOptions): Promise<number> {
  const { project, region, run, say } = options;
  const place = [`--project=${project}`, `--region=${region}`];
  const list = async <T>(...args: string[]): Promise<T[]> =>
    JSON.parse(await must(run, 'gcloud', ['run', ...args, ...place, '--format=json'])) as T[];
  const all = await list<Service>('services', 'list');
  const services = all.filter(({ metadata }) => metadata.labels?.app === 'virtuoso');
  if (services.length === 0) throw new Error(`nothing of virtuoso is deployed in ${region} of ${project}`);
  const revisions = await list<Revision>('revisions', 'list');
  const targets = services.map((service) => ({
    name: service.metadata.name,
    target: targetOf(service, revisions, options.to),
  }));
  const stuck = targets.filter(({ target }) => target === undefined);
  if (stuck.length > 0) {
    // Half of the functions of one release and half of another is what nobody has tested.
    const names = stuck.map(({ name }) => name).join(', ');
    say(
      `nothing is changed: ${options.to ? `there is no revision of ${options.to}` : 'there is no earlier revision'} of ${names}`,
    );
    return 1;
  }
  for (const { name, target } of targets) {
    await must(run, 'gcloud', ['run', 'services', 'update-traffic', name, ...place, `--to-revisions=${target}=100`]);
    say(`${name}: ${target}`);
  }
  return 0;
}

function targetOf({ metadata: { name }, status }: Service, revisions: readonly Revision[], to: string | undefined) {
  const own = revisions
    .filter(({ metadata }) => metadata.labels?.['serving.knative.dev/service'] === name)
    .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))
    .map(({ metadata }) => metadata.name);
  if (to !== undefined) return own.find((revision) => revision === `${name}-${to}`);
  const [most] = [...(status?.traffic ?? [])].sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0));
  const current = own.indexOf(most?.revisionName ?? '');
  return current < 0 ? undefined : own[current + 1];
}
