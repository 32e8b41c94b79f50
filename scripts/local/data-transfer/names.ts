import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

/** Where a transfer is: names without a location are of `us`. */
export interface Place {
  readonly project: string;
  /** In lower case, as names have it. */
  readonly location: string;
}

/** Pages of this service's lists. */
export const PAGES = { usual: 1000, largest: 1000 };

const DEFAULT_LOCATION = 'us';
const PLACE = 'projects/([^/]+)(?:/locations/([A-Za-z0-9-]+))?';

/** `projects/P`, `projects/P/locations/L` @throws RpcError INVALID_ARGUMENT */
export function placeOf(name: string): Place {
  const [, project = '', location] = match(name, '', 'projects/PROJECT/locations/LOCATION');
  return { project, location: (location ?? DEFAULT_LOCATION).toLowerCase() };
}

/** `…/transferConfigs/C`, in the form that has a location. @throws RpcError INVALID_ARGUMENT */
export function configName(name: string): string {
  const [, project = '', location, id = ''] = match(name, '/transferConfigs/([^/]+)', FORMS.config);
  return `${parentOf({ project, location: (location ?? DEFAULT_LOCATION).toLowerCase() })}/transferConfigs/${id}`;
}

/** `…/transferConfigs/C/runs/R`, in the form that has a location. @throws RpcError INVALID_ARGUMENT */
export function runName(name: string): string {
  const [, project = '', location, config = '', run = ''] = match(
    name,
    '/transferConfigs/([^/]+)/runs/([^/]+)',
    FORMS.run,
  );
  const parent = parentOf({ project, location: (location ?? DEFAULT_LOCATION).toLowerCase() });
  return `${parent}/transferConfigs/${config}/runs/${run}`;
}

/** `…/dataSources/D` @throws RpcError INVALID_ARGUMENT */
export function dataSourceName(name: string): { readonly parent: string; readonly id: string } {
  const [, , , id = ''] = match(name, '/dataSources/([^/]+)', 'projects/PROJECT/locations/LOCATION/dataSources/SOURCE');
  return { parent: name.slice(0, name.lastIndexOf('/dataSources/')), id };
}

/** The place of a stored config or run. */
export function placeIn(name: string): Place {
  return placeOf(name.split('/').slice(0, 4).join('/'));
}

export function parentOf({ project, location }: Place): string {
  return `projects/${project}/locations/${location}`;
}

/** A location as BigQuery writes it: `US`, `europe-west1`. */
export function bigqueryLocation(location: string): string {
  return ['us', 'eu'].includes(location) ? location.toUpperCase() : location;
}

/** The last part of a name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

const FORMS = {
  config: 'projects/PROJECT/locations/LOCATION/transferConfigs/CONFIG',
  run: 'projects/PROJECT/locations/LOCATION/transferConfigs/CONFIG/runs/RUN',
};

function match(name: string, rest: string, form: string): RegExpExecArray {
  const found = new RegExp(`^${PLACE}${rest}$`).exec(name);
  if (!found) throw new RpcError(status.INVALID_ARGUMENT, `The name "${name}" does not have the form ${form}.`);
  return found;
}
