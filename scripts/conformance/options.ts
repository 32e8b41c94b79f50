import { parseArgs } from 'node:util';

/** Where the behaviours are looked for. */
export type Target =
  | { readonly kind: 'local' }
  /** Another endpoint without TLS, `host:port`. */
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly project: string; readonly region: string }
  /** Google Cloud, by application-default credentials. */
  | { readonly kind: 'google'; readonly project: string; readonly region: string };

/** What a run of the conformance suite was asked for. */
export interface ConformanceOptions {
  readonly target: Target;
  /** Names of the services to look at. */
  readonly services: readonly string[];
  /** Names of those that cannot be looked at there. */
  readonly leftOut: readonly string[];
  /** Only behaviours whose `service method title` it matches. */
  readonly grep: RegExp | undefined;
}

/** The arguments cannot be understood; its message is one sentence that says what to do. */
export class UsageError extends Error {}

export const USAGE = `npm run conformance -- [--service NAME]… [--grep PATTERN] [--against HOST:PORT | --real --project ID] [--region REGION]

Checks what the services do, through Google's own clients.
  --service NAME       only this service; can be given several times
  --grep PATTERN       only behaviours whose "service method title" the regular expression matches
  --against HOST:PORT  an endpoint without TLS that serves every service, instead of a local cloud of its own
  --real               Google Cloud itself, by application-default credentials: makes, bills and removes real resources
  --project ID         the project there (with --against: virtuoso-local when absent)
  --region REGION      the region there; us-central1 when absent
`;

/**
 * Reads the arguments of `npm run conformance`.
 * @param known the services that have a suite
 * @param localOnly those of them whose suite needs a local cloud: left out elsewhere, refused when they are asked for
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function readOptions(
  args: readonly string[],
  known: readonly string[],
  localOnly: readonly string[] = [],
): ConformanceOptions | undefined {
  const { help, service, grep, ...where } = parse(args);
  if (help) return undefined;
  const unknown = service?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--service: there is no suite of "${unknown}"; the suites are ${known.join(', ')}.`);
  const target = targetOf(where);
  const impossible = target.kind === 'local' ? [] : localOnly;
  const refused = service?.find((name) => impossible.includes(name));
  if (refused !== undefined)
    throw new UsageError(
      `--service ${refused}: its functions are deployed on a local cloud only; name no other target.`,
    );
  return {
    target,
    services: known.filter((name) => !impossible.includes(name) && (service?.includes(name) ?? true)),
    leftOut: service ? [] : impossible,
    grep: pattern(grep),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        service: { type: 'string', multiple: true },
        grep: { type: 'string' },
        against: { type: 'string' },
        real: { type: 'boolean' },
        project: { type: 'string' },
        region: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence.replace(/\.?$/, '')}; --help lists the options.`);
  }
}

interface Where {
  readonly against?: string | undefined;
  readonly real?: boolean | undefined;
  readonly project?: string | undefined;
  readonly region?: string | undefined;
}

function targetOf({ against, real, project, region = 'us-central1' }: Where): Target {
  if (against !== undefined && real) throw new UsageError('Give --against or --real, not both.');
  if (against !== undefined) {
    if (!/^[a-z0-9.-]+:\d{1,5}$/i.test(against))
      throw new UsageError(`--against: "${against}" is not HOST:PORT, like 127.0.0.1:8080.`);
    return { kind: 'endpoint', endpoint: against, project: project ?? 'virtuoso-local', region };
  }
  if (real) {
    if (!project) throw new UsageError('--real needs --project ID: the project that resources are made in.');
    return { kind: 'google', project, region };
  }
  if (project !== undefined) throw new UsageError('--project goes with --real (Google Cloud) or --against HOST:PORT.');
  return { kind: 'local' };
}

function pattern(grep: string | undefined): RegExp | undefined {
  if (grep === undefined) return undefined;
  try {
    return new RegExp(grep, 'i');
  } catch {
    throw new UsageError(`--grep: "${grep}" is not a regular expression.`);
  }
}
