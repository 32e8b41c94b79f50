import { isDestinationRule } from './destination-rule.ts';
import { FUNCTION_PLACE } from './function-url.ts';

interface Setting<T> {
  readonly variable: string;
  readonly parse: (text: string) => T;
  readonly fallback: string;
  readonly description: string;
}

const text = (value: string): string => value;
const list = (value: string): string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

function positiveNumber(value: string): number {
  if (!/^\d+$/.test(value) || Number(value) === 0) throw new Error('must be a whole number from 1');
  return Number(value);
}

function wholeNumber(value: string): number {
  if (!/^\d{1,3}$/.test(value)) throw new Error('must be a whole number from 0');
  return Number(value);
}

/** Less than the minute between two looks at what is due. */
function secondsBefore(value: string): number {
  if (!/^\d{1,2}$/.test(value) || Number(value) > 50) throw new Error('must be a whole number from 0 to 50');
  return Number(value);
}

function nonNegative(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && Number.isFinite(number))) throw new Error('must be a number from 0');
  return number;
}

function destinations(value: string): string[] {
  const rules = list(value);
  const wrong = rules.filter((rule) => !isDestinationRule(rule));
  if (wrong.length > 0) throw new Error(`'${wrong.join("', '")}' must be loopback or a range such as 10.0.0.0/8`);
  return rules;
}

function origins(value: string): string[] {
  const given = list(value);
  const wrong = given.filter(
    (origin) => origin !== '*' && !(URL.canParse(origin) && new URL(origin).origin === origin),
  );
  if (wrong.length > 0) throw new Error(`'${wrong.join("', '")}' must be origins such as https://app.example.com`);
  return given;
}

function fraction(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new Error('must be a number from 0 to 1');
  return number;
}

function url(value: string): string {
  if (value === '') return value;
  if (!URL.canParse(value)) throw new Error('must be a URL such as https://api.example.com');
  return value.replace(/\/+$/, '');
}

/** A URL that may have a place for a function's name in its host. */
function functionsUrl(value: string): string {
  url(value.replace(FUNCTION_PLACE, 'function'));
  return value.replace(/\/+$/, '');
}

const oneOf =
  <const Choice extends string>(...choices: readonly Choice[]) =>
  (value: string): Choice => {
    const found = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
    if (!found) throw new Error(`must be one of ${choices.join(', ')}`);
    return found;
  };

const setting = <T>(
  variable: string,
  parse: (text: string) => T,
  fallback: string,
  description: string,
): Setting<T> => ({
  variable,
  parse,
  fallback,
  description,
});

/** Every environment variable that the suite reads. The README's table is made of it. */
export const settings = {
  project: setting('GCP_PROJECT_ID', text, 'virtuoso-generator', 'The Google Cloud project.'),
  region: setting('GCP_REGION', text, 'us-central1', 'Where functions and queues run.'),
  environment: setting(
    'ENVIRONMENT',
    oneOf('production', 'staging', 'local'),
    'production',
    'Named in logs and health.',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    oneOf('DEBUG', 'INFO', 'WARNING', 'ERROR'),
    'INFO',
    'The least severity that is logged.',
  ),
  functionsUrl: setting(
    'FUNCTIONS_URL',
    functionsUrl,
    '',
    'Where functions are reached: their names come behind it, or in the place of `{function}`; default: https://REGION-PROJECT.cloudfunctions.net.',
  ),
  publicUrl: setting(
    'PUBLIC_URL',
    url,
    '',
    'Where the API is reached; used in links. Default: the address of the request.',
  ),
  invoker: setting(
    'INVOKER_SERVICE_ACCOUNT',
    text,
    '',
    'Service account that tasks are sent as; default: virtuoso-invoker@PROJECT.iam.gserviceaccount.com.',
  ),
  identityKeysUrl: setting(
    'IDENTITY_KEYS_URL',
    url,
    'https://www.googleapis.com/oauth2/v3/certs',
    'JWKS that identity tokens of tasks are verified with.',
  ),
  tasksEndpoint: setting('CLOUD_TASKS_EMULATOR_HOST', text, '', 'host:port of a Cloud Tasks endpoint without TLS.'),
  secretsEndpoint: setting(
    'SECRET_MANAGER_EMULATOR_HOST',
    text,
    '',
    'host:port of a Secret Manager endpoint without TLS.',
  ),
  egressAllow: setting(
    'EGRESS_ALLOW',
    destinations,
    '',
    'Address ranges that tests and webhooks may reach although they are not public: `loopback` or CIDRs.',
  ),
  chromiumPath: setting('CHROMIUM_PATH', text, '', 'A Chromium to use instead of the bundled one.'),
  sessionLeaseSeconds: setting(
    'SESSION_LEASE_SECONDS',
    positiveNumber,
    '30',
    'How long a session stays with an instance that does not renew its lease.',
  ),
  liveIdleSeconds: setting(
    'LIVE_IDLE_SECONDS',
    positiveNumber,
    '60',
    'How long a live session keeps its browser when no command comes; the next command goes on in another one.',
  ),
  bucketPrefix: setting(
    'BUCKET_PREFIX',
    text,
    '',
    "Stands before the buckets' names, which no two projects of the world may have alike.",
  ),
  parallelSessions: setting(
    'PARALLEL_SESSIONS',
    positiveNumber,
    '25',
    "Browsers that the runs of one user use at once; PATCH /v1/users/ID sets a user's own.",
  ),
  warmUpSeconds: setting(
    'WARM_UP_SECONDS',
    secondsBefore,
    '30',
    'How long before a run of a schedule is due the browsers that it will use are started; 0: they are not.',
  ),
  corsOrigins: setting(
    'CORS_ORIGINS',
    origins,
    '',
    'Origins whose pages may call the API from a browser, separated by commas, or `*`; none when empty.',
  ),
  rateLimitFactor: setting(
    'RATE_LIMIT_FACTOR',
    nonNegative,
    '1',
    'What the rate limits and the quotas a day are multiplied by; 0 limits nothing. The local cloud has 0 unless it is told otherwise.',
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    wholeNumber,
    '0',
    'Proxies of yours in front of the API that add their own address to X-Forwarded-For; 1 behind a load balancer.',
  ),
  signingUrl: setting('SIGNING_URL', url, '', 'Where links are signed, when not by the IAM API.'),
  analyticsBytesLimit: setting(
    'ANALYTICS_BYTES_LIMIT',
    positiveNumber,
    String(10 * 2 ** 30),
    'Bytes that one question to the warehouse may be billed for; one that needs more is refused.',
  ),
  requestSampling: setting(
    'REQUEST_SAMPLING',
    fraction,
    '1',
    'Share of requests that are recorded in performance_metrics.',
  ),
} as const;

export type Configuration = { readonly [K in keyof typeof settings]: ReturnType<(typeof settings)[K]['parse']> };

/** All problems with the environment, in one error. */
export class ConfigurationError extends Error {}

/** Reads the configuration. @throws ConfigurationError that lists every variable that is wrong. */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, { variable, parse, fallback }] of Object.entries(settings)) {
    const given = environment[variable];
    try {
      values[key] = parse(given === undefined || given === '' ? fallback : given);
    } catch (error) {
      problems.push(`${variable}=${given}: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0)
    throw new ConfigurationError(`The environment has ${problems.length} problem(s):\n  ${problems.join('\n  ')}`);
  const project = String(values.project);
  values.functionsUrl ||= `https://${values.region}-${project}.cloudfunctions.net`;
  values.invoker ||= `virtuoso-invoker@${project}.iam.gserviceaccount.com`;
  return values as Configuration;
}
