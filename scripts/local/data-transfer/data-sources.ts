import { unary } from '../plumbing/grpc.ts';
import { type PageRequest, pageOf } from '../plumbing/pages.ts';
import { notFound } from './errors.ts';
import { dataSourceName, PAGES, placeOf } from './names.ts';
import { paramDeclarations } from './params.ts';
import { DEFAULT_SCHEDULE } from './schedule.ts';
import { DATA_SOURCE } from './settings.ts';

/** The methods on data sources: there is one, scheduled queries, and nobody needs credentials for it. */
export function dataSourceMethods() {
  return {
    getDataSource: unary(({ name }: { name: string }) => scheduledQuery(parentOfKnown(name))),
    listDataSources: unary(({ parent, ...request }: PageRequest & { parent: string }) => {
      placeOf(parent);
      const { items, nextPageToken } = pageOf([scheduledQuery(parent)], request, PAGES);
      return { dataSources: items, nextPageToken };
    }),
    checkValidCreds: unary(({ name }: { name: string }) => {
      parentOfKnown(name);
      return { hasValidCreds: true };
    }),
  };
}

function parentOfKnown(name: string): string {
  const { parent, id } = dataSourceName(name);
  if (id !== DATA_SOURCE) throw notFound(name);
  return parent;
}

function scheduledQuery(parent: string): object {
  return {
    name: `${parent}/dataSources/${DATA_SOURCE}`,
    dataSourceId: DATA_SOURCE,
    displayName: 'Scheduled queries',
    description: 'Runs a query on a schedule.',
    scopes: ['https://www.googleapis.com/auth/bigquery'],
    supportsCustomSchedule: true,
    defaultSchedule: DEFAULT_SCHEDULE,
    parameters: paramDeclarations.map((declaration) => ({ type: 'STRING', ...declaration })),
    helpUrl: 'https://cloud.google.com/bigquery/docs/scheduling-queries',
    authorizationType: 'FIRST_PARTY_OAUTH',
    minimumScheduleInterval: { seconds: '300', nanos: 0 },
  };
}
