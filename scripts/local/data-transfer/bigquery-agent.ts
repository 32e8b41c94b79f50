import type { ServiceContext } from '../plumbing/service.ts';

/** An answer of BigQuery that is an error. */
export class BigqueryError extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** The part of a job that is looked at. */
export interface JobResource {
  readonly status: {
    readonly state: 'PENDING' | 'RUNNING' | 'DONE';
    readonly errorResult?: { readonly reason: string; readonly message: string };
  };
}

/** How long BigQuery holds a question for the end of a job. */
const WAIT_MS = 10_000;

/** Speaks to BigQuery over the port, as the service's agent would. */
export class BigqueryAgent {
  readonly #context: ServiceContext;
  readonly #closing = new AbortController();

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** The location of a dataset, as BigQuery writes it: `US`. @throws BigqueryError 404 when it is not there */
  async locationOf(project: string, dataset: string): Promise<string> {
    const found = await this.#call('GET', `projects/${project}/datasets/${encodeURIComponent(dataset)}`);
    return String((found as { location?: unknown }).location ?? 'US');
  }

  /** Starts a job under an id of its own; a job that is there already stays as it is. @throws BigqueryError */
  async startJob(project: string, jobId: string, job: { location: string; configuration: object }): Promise<void> {
    const { location, configuration } = job;
    const jobReference = { projectId: project, jobId, location };
    try {
      await this.#call('POST', `projects/${project}/jobs`, { jobReference, configuration });
    } catch (error) {
      if (!(error instanceof BigqueryError && error.status === 409)) throw error;
    }
  }

  /** Waits for the end of a job, which is found where it runs. @throws BigqueryError */
  async endOf(project: string, jobId: string, location: string): Promise<JobResource> {
    for (;;) {
      const job = (await this.#call('GET', `projects/${project}/jobs/${jobId}?location=${location}`)) as JobResource;
      if (job.status.state === 'DONE') return job;
      // A job that fails meanwhile is an error here; the job itself says it better.
      const wait = `location=${location}&maxResults=0&timeoutMs=${WAIT_MS}`;
      await this.#call('GET', `projects/${project}/queries/${jobId}?${wait}`).catch((error: unknown) => {
        if (!(error instanceof BigqueryError)) throw error;
      });
    }
  }

  /** Ends what is under way with an error. */
  close(): void {
    this.#closing.abort(new Error('the local cloud is stopping'));
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#context.origin()}/bigquery/v2/${path}`, {
      method,
      signal: this.#closing.signal,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as unknown;
    const { message, errors } = errorOf(text);
    throw new BigqueryError(response.status, errors?.[0]?.reason ?? '', message ?? text);
  }
}

function errorOf(text: string): { message?: string; errors?: readonly { reason: string }[] } {
  try {
    return (JSON.parse(text) as { error?: object }).error ?? {};
  } catch {
    return {};
  }
}
