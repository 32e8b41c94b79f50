import type { Table, View } from '../../../shared/define/resources.ts';
import { HttpSender } from '../plumbing/http-sender.ts';
import type { Provisioning } from './provision.ts';

const DAY_MS = 24 * 3_600_000;

/** As buckets.tf makes them: no access control lists, nothing for everybody. */
const ACCESS = { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'enforced' };

/** Buckets, with their versioning and lifecycle rules. */
export async function provisionBuckets({ origin, project, region, resources }: Provisioning): Promise<void> {
  await Promise.all(
    resources.buckets.map(async ({ name, versioning = false, lifecycle }) => {
      const settings = {
        versioning: { enabled: versioning },
        lifecycle: { rule: lifecycle },
        iamConfiguration: ACCESS,
      };
      const body = { name, location: region.toUpperCase(), ...settings };
      const made = await send(`${origin}/storage/v1/b?project=${project}`, 'POST', body);
      if (!made) await send(`${origin}/storage/v1/b/${name}`, 'PATCH', settings);
    }),
  );
}

/** Marks the host's own requests to the warehouse, which must not wait for themselves. */
export const PROVISIONING_HEADER = 'x-virtuoso-provisioning';

/** The dataset, its tables and their views. Columns that a newer declaration adds are added. */
export async function provisionWarehouse({ origin, project, region, resources }: Provisioning): Promise<void> {
  const { dataset, tables, views } = resources;
  const datasets = `${origin}/bigquery/v2/projects/${project}/datasets`;
  await send(datasets, 'POST', {
    datasetReference: { projectId: project, datasetId: dataset },
    location: region,
  });
  const put = async (name: string, settings: object, changed: object) => {
    const tableReference = { projectId: project, datasetId: dataset, tableId: name };
    const made = await send(`${datasets}/${dataset}/tables`, 'POST', { tableReference, ...settings });
    if (!made) await send(`${datasets}/${dataset}/tables/${name}`, 'PATCH', changed);
  };
  await Promise.all(
    tables.map(async (table) => {
      const settings = tableSettings(table);
      await put(table.name, settings, { schema: settings.schema });
    }),
  );
  await Promise.all(views.map((view) => put(view.name, viewSettings(view), viewSettings(view))));
}

function viewSettings({ description, query }: View) {
  return { description, view: { query, useLegacySql: false } };
}

function tableSettings({ columns, partition, cluster, description, expiryDays }: Table) {
  const fields = Object.entries(columns).map(([name, column]) => ({ name, mode: 'NULLABLE', ...column }));
  return {
    description,
    schema: { fields },
    timePartitioning: {
      type: 'DAY',
      field: partition,
      ...(expiryDays === undefined ? {} : { expirationMs: String(expiryDays * DAY_MS) }),
    },
    clustering: { fields: cluster },
  };
}

/** Sends JSON. Returns false when the thing exists already. @throws Error for any other failure. */
async function send(url: string, method: 'POST' | 'PATCH', body: object): Promise<boolean> {
  // Not by fetch: loading it takes as long as all buckets do.
  const sender = new HttpSender();
  try {
    const headers = { 'content-type': 'application/json', [PROVISIONING_HEADER]: 'true' };
    const { status, body: text } = await sender.send({ url, method, headers, body: JSON.stringify(body) });
    if (status === 409) return false;
    if (status < 200 || status >= 300)
      throw new Error(`${method} ${new URL(url).pathname} was answered with ${status}: ${text}`);
    return true;
  } finally {
    sender.close();
  }
}
