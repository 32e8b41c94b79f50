import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A service as `gcloud run services list --format json` shows it. */
interface Service {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly traffic?: readonly { readonly revisionName?: string; readonly percent?: number }[] };
}

/** The revisions that take most of the requests, by REGION/FUNCTION. Services of others are left out. */
export function stableRevisions(services: readonly Service[]): Record<string, string> {
  return Object.fromEntries(
    services.flatMap(({ metadata: { name, labels = {} }, status }) => {
      const [most] = [...(status?.traffic ?? [])].sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0));
      const region = labels['cloud.googleapis.com/location'];
      const ours = labels.app === 'virtuoso' && region !== undefined;
      return ours && most?.revisionName ? [[`${region}/${name}`, most.revisionName]] : [];
    }),
  );
}

/** Makes the variables' file that Terraform is given of what `prepare.sh` has listed. */
export function writeStableRevisions(folder: string): void {
  const services = JSON.parse(readFileSync(join(folder, 'services.json'), 'utf8')) as Service[];
  const values = { stable_revisions: stableRevisions(services) };
  writeFileSync(join(folder, 'stable.tfvars.json'), `${JSON.stringify(values, null, 2)}\n`);
}

if (import.meta.main) writeStableRevisions('.build/deploy');
