import type { Api } from '../../chain/api.ts';

/** Opens a session; gives what runs a step in it, which must pass, and what closes it. */
export async function openLive({ call }: Pick<Api, 'call'>, baseUrl: string) {
  const opened = await call('POST', '/v1/sessions', { baseUrl });
  const { id } = opened.body as { id: string };
  return {
    id,
    async run(step: object): Promise<void> {
      const { body } = await call('POST', `/v1/sessions/${id}/commands`, { step });
      const { status } = body as { status: string };
      if (status !== 'passed') throw new Error(`${JSON.stringify(step)}: ${JSON.stringify(body)}`);
    },
    close: async (): Promise<void> => void (await call('DELETE', `/v1/sessions/${id}`)),
  };
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
