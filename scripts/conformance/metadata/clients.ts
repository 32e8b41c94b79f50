import type { World } from '../behaviour.ts';
import { useMetadata } from '../metadata-host.ts';

/** The endpoint of a local cloud, as instances and their clients reach it. */
export interface Clients {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** A path of the metadata server below `/computeMetadata/v1/`. */
  metadata(path: string, headers?: Record<string, string>): Promise<Response>;
  /** A method of the IAM Credentials API on a service account, with a token of the metadata server. */
  iam(method: string, body: object, email?: string): Promise<Response>;
}

/** The service account of the behaviours that name one. */
export const ACCOUNT = 'someone@virtuoso-local.iam.gserviceaccount.com';

/** Connects to the endpoint, and lets Google's clients find the metadata server there. */
export function connect(world: World, endpoint: string): Clients {
  useMetadata(world, endpoint);
  const origin = `http://${endpoint}`;
  const metadata = (path: string, headers: Record<string, string> = { 'metadata-flavor': 'Google' }) =>
    fetch(`${origin}/computeMetadata/v1/${path}`, { headers, redirect: 'manual' });
  return {
    origin,
    metadata,
    async iam(method, body, email = ACCOUNT) {
      const { access_token: token } = await (await metadata('instance/service-accounts/default/token')).json();
      return fetch(`${origin}/v1/projects/-/serviceAccounts/${email}:${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    },
  };
}
