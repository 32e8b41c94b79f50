import type { AnyFunction } from '../../../shared/define/function.ts';
import { heapOption } from './memory.ts';

/** Where the local cloud is, as its functions are told. */
export interface Surroundings {
  readonly project: string;
  readonly region: string;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Where the function reaches the services: the origin, or a port that tells them which function it is. */
  readonly services: string;
  /** More variables for every function; they win over all others. */
  readonly extra: Readonly<Record<string, string>>;
}

/** What a function's process inherits of the host's own environment. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH'];

/** How the functions framework calls the function. */
export function signatureOf({ trigger }: AnyFunction): 'http' | 'cloudevent' {
  return ['topic', 'document', 'object'].includes(trigger.kind) ? 'cloudevent' : 'http';
}

/**
 * The environment of a function's instances: what Cloud Run sets, and where Google's clients find the local services.
 * PORT is set in the process itself, which finds a free one.
 * @see https://cloud.google.com/run/docs/container-contract#env-vars
 */
export function environmentOf(fn: AnyFunction, { project, region, origin, services, extra }: Surroundings) {
  const address = services.replace('http://', '');
  return {
    ...inherited(),
    NODE_ENV: 'production',
    NODE_OPTIONS: heapOption(fn.memory),
    K_SERVICE: fn.name,
    K_REVISION: `${fn.name}-local`,
    K_CONFIGURATION: fn.name,
    FUNCTION_TARGET: fn.name,
    FUNCTION_SIGNATURE_TYPE: signatureOf(fn),
    GCP_PROJECT_ID: project,
    GOOGLE_CLOUD_PROJECT: project,
    GCP_REGION: region,
    ENVIRONMENT: 'local',
    GCE_METADATA_HOST: address,
    METADATA_SERVER_DETECTION: 'assume-present',
    FIRESTORE_EMULATOR_HOST: address,
    PUBSUB_EMULATOR_HOST: address,
    STORAGE_EMULATOR_HOST: services,
    BIGQUERY_EMULATOR_HOST: `${services}/bigquery/v2`,
    BIGQUERY_DATA_TRANSFER_EMULATOR_HOST: address,
    CLOUD_TASKS_EMULATOR_HOST: address,
    SECRET_MANAGER_EMULATOR_HOST: address,
    FUNCTIONS_URL: `${origin}/functions`,
    SIGNING_URL: `${origin}/v1/projects/-/serviceAccounts`,
    IDENTITY_KEYS_URL: `${origin}/oauth2/v3/certs`,
    EGRESS_ALLOW: 'loopback',
    // One machine, one user.
    RATE_LIMIT_FACTOR: '0',
    PUBLIC_URL: origin,
    ...extra,
  };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
