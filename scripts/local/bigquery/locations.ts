import type { Bigquery } from './bigquery.ts';
import { notFound } from './errors.ts';

const DEFAULT = 'US';

/** Where jobs are found without their location. */
const EVERYWHERE = new Set(['US', 'EU']);

/** Whether a job in a location is found by a request that names this one, or none. */
export function isFoundAt(location: string, asked: string | null): boolean {
  const place = location.toUpperCase();
  return asked ? asked.toUpperCase() === place : EVERYWHERE.has(place);
}

interface Place {
  readonly projectId?: string;
  readonly datasetId?: string;
}

/**
 * Where a job runs: where the dataset is that it writes to, reads from or takes names of.
 * @param asked the location that the request names, if it does.
 * @throws HttpError notFound when the dataset is elsewhere.
 */
export function locationOf(
  bigquery: Bigquery,
  project: string,
  configuration: Readonly<Record<string, unknown>>,
  asked: string | undefined,
): string {
  for (const kind of ['query', 'load', 'copy', 'extract']) {
    const of = configuration[kind] as Readonly<Record<string, Place | undefined>> | undefined;
    const place = of?.destinationTable ?? of?.sourceTable ?? of?.defaultDataset;
    const { projectId = project, datasetId } = place ?? {};
    if (datasetId === undefined || !bigquery.catalog.hasDataset(projectId, datasetId)) continue;
    const { location } = bigquery.catalog.dataset(projectId, datasetId);
    if (asked !== undefined && asked.toUpperCase() !== location.toUpperCase())
      throw notFound(`Dataset ${projectId}:${datasetId} was not found in location ${asked}`);
    return location;
  }
  return asked ?? DEFAULT;
}
