import { Agent, request } from 'node:http';

/** One request, again and again. */
export interface Case {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
}

/** How a case went: milliseconds of each request, one at a time; and requests a second, many at a time. */
export interface Figures {
  readonly ms: readonly number[];
  readonly perSecond: number;
}

const AT_ONCE = 16;

/** Asks over connections that are kept. */
export function createClient(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const { hostname, port } = new URL(origin);

  /** Milliseconds until the answer has been read. @throws Error for another status than the case's */
  function ask({ method, path, headers = {}, body, status }: Case): Promise<number> {
    const begun = performance.now();
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const sent = request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === status) resolve(performance.now() - begun);
          else reject(new Error(`${method} ${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`));
        });
      });
      sent.on('error', reject).end(body);
    });
  }

  return {
    close: () => agent.destroy(),
    async oneAtATime(one: Case, count: number): Promise<number[]> {
      const ms: number[] = [];
      for (let n = 0; n < count; n++) ms.push(await ask(one));
      return ms;
    },
    /** Requests a second. */
    async manyAtATime(one: Case, count: number): Promise<number> {
      const begun = performance.now();
      let left = count;
      const work = async () => {
        while (left-- > 0) await ask(one);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return (count / (performance.now() - begun)) * 1000;
    },
  };
}

/** The value below which so much of the figures lies: 0.5 is the median. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
