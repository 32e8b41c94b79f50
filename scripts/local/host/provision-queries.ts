import { type DeployedQuery, readScheduledQueries } from '../../deploy/scheduled-queries.ts';
import type { Provisioning } from './provision.ts';

interface Config {
  readonly name: string;
  readonly displayName: string;
}

/** A transfer config for each scheduled query, known by its display name; one of a newer file is changed. */
export async function provisionQueries({ project, region, resources, call }: Provisioning): Promise<void> {
  const parent = `projects/${project}/locations/${region}`;
  const declared = readScheduledQueries(resources.scheduledQueries);
  const { transferConfigs } = await call('data-transfer', 'ListTransferConfigs', { parent, pageSize: 1000 });
  const found = new Map((transferConfigs as Config[]).map((config) => [config.displayName, config.name]));
  for (const query of declared) {
    const name = found.get(query.name);
    const transferConfig = { ...configOf(query), ...(name === undefined ? {} : { name }) };
    const updateMask = { paths: ['params', 'schedule'] };
    if (name === undefined) await call('data-transfer', 'CreateTransferConfig', { parent, transferConfig });
    else await call('data-transfer', 'UpdateTransferConfig', { transferConfig, updateMask });
  }
}

function configOf({ name, schedule, sql }: DeployedQuery) {
  return {
    ...{ displayName: name, dataSourceId: 'scheduled_query', schedule },
    params: { fields: { query: { stringValue: sql } } },
  };
}
