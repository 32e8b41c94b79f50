import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RpcError, unary } from '../plumbing/grpc.ts';
import { type PageRequest, pageOf } from '../plumbing/pages.ts';
import { toWireTime } from '../plumbing/wire-time.ts';
import { BigqueryError } from './bigquery-agent.ts';
import type { Config } from './configs.ts';
import { invalid } from './errors.ts';
import type { TransferService } from './index.ts';
import type { ConfigMessage, Credentials } from './messages.ts';
import { configName, PAGES, type Place, parentOf, placeIn, placeOf } from './names.ts';
import { changed, DATA_SOURCE, type Settings, settingsOf, timingFields } from './settings.ts';
import { toStruct } from './struct.ts';

interface CreateRequest extends Credentials {
  readonly parent: string;
  readonly transferConfig: ConfigMessage | null;
}

interface UpdateRequest extends Credentials {
  readonly transferConfig: ConfigMessage | null;
  readonly updateMask: { readonly paths: readonly string[] } | null;
}

/** The methods on transfer configs. */
export function configMethods({ context, configs, runs, agent, planner }: TransferService) {
  const answer = (config: Config) => configMessage(config, runs.latest(config.name)?.state);
  const checkDataset = async ({ project, location }: Place, { dataset }: Settings) => {
    if (dataset === '') return;
    const actual = await agent.locationOf(project, dataset).catch((error: unknown) => {
      const isAbsent = error instanceof BigqueryError && error.status === 404;
      throw isAbsent ? new RpcError(status.NOT_FOUND, error.message) : error;
    });
    if (actual.toLowerCase() !== location)
      throw invalid(
        `Cannot create a transfer in ${area(location)} when destination dataset is located in ${area(actual)}.`,
      );
  };

  return {
    createTransferConfig: unary(async ({ parent, transferConfig, ...credentials }: CreateRequest) => {
      const place = placeOf(parent);
      if (!transferConfig) throw invalid('The request has no transfer_config.');
      const settings = settingsOf(transferConfig, credentials);
      await checkDataset(place, settings);
      const made = configs.put(`${parentOf(place)}/transferConfigs/${randomUUID()}`, settings);
      planner.plan();
      return answer(configs.get(made.name));
    }),
    getTransferConfig: unary(({ name }: { name: string }) => {
      const config = configs.get(configName(name));
      return { ...answer(config), ownerInfo: { email: config.settings.serviceAccount || 'local@virtuoso.invalid' } };
    }),
    listTransferConfigs: unary((request: PageRequest & { parent: string; dataSourceIds: readonly string[] }) => {
      const { parent, dataSourceIds } = request;
      const isWanted = dataSourceIds.length === 0 || dataSourceIds.includes(DATA_SOURCE);
      const { items, nextPageToken } = pageOf(isWanted ? configs.list(placeOf(parent)) : [], request, PAGES);
      return { transferConfigs: items.map(answer), nextPageToken };
    }),
    updateTransferConfig: unary(async ({ transferConfig, updateMask, ...credentials }: UpdateRequest) => {
      if (!transferConfig) throw invalid('The request has no transfer_config.');
      const { name, settings } = configs.get(configName(transferConfig.name));
      const next = changed(settings, transferConfig, { paths: updateMask?.paths ?? [], credentials });
      if (next.dataset !== settings.dataset) await checkDataset(placeIn(name), next);
      configs.put(name, next);
      planner.plan();
      return answer(configs.get(name));
    }),
    deleteTransferConfig: unary((request: { name: string }) => {
      const { name } = configs.get(configName(request.name));
      context.store.transaction(() => {
        runs.deleteOf(name);
        configs.delete(name);
      });
      planner.plan();
      return {};
    }),
  };
}

/** A location in the words of the service: `JURISDICTION_US`, `REGION_EUROPE_WEST_1`. */
function area(location: string): string {
  const name = location
    .toUpperCase()
    .replace(/(?<=\D)(?=\d)/, '_')
    .replaceAll('-', '_');
  return `${['US', 'EU'].includes(name) ? 'JURISDICTION' : 'REGION'}_${name}`;
}

function configMessage({ name, settings, updated, next }: Config, state = 'PENDING'): object {
  const [, , , location = ''] = name.split('/');
  return {
    name,
    ...(settings.dataset !== '' && { destinationDatasetId: settings.dataset }),
    displayName: settings.displayName,
    dataSourceId: DATA_SOURCE,
    params: toStruct({ ...settings.params }),
    ...timingFields(settings.timing),
    disabled: settings.disabled,
    updateTime: toWireTime(updated),
    nextRunTime: next === null ? null : toWireTime(next),
    state,
    datasetRegion: location,
    notificationPubsubTopic: settings.topic,
    emailPreferences: { enableFailureEmail: false },
  };
}
