import { route } from '../../shared/http/route.ts';
import { version } from '../../shared/platform/version.ts';

/** A dependency and how it is asked whether it is there. */
export interface Probes {
  check(): Promise<Record<string, { ok: boolean; latencyMs: number; error?: string }>>;
}

export interface Services {
  readonly probes: Probes;
}

export const alive = route<Services>({
  method: 'GET',
  path: '/health',
  summary: 'Whether the API is alive, and its version.',
  access: 'public',
  answers: { 200: 'alive' },
  handle: async (_request, { config }) => ({
    status: 200,
    body: { status: 'ok', version, environment: config.environment },
  }),
});

export const ready = route<Services>({
  method: 'GET',
  path: '/health/ready',
  summary: 'Whether each dependency answers, and how fast.',
  access: 'public',
  answers: { 200: 'readiness', 503: 'readiness' },
  async handle(_request, { probes }) {
    const dependencies = await probes.check();
    const ok = Object.values(dependencies).every((dependency) => dependency.ok);
    return { status: ok ? 200 : 503, body: { status: ok ? 'ok' : 'degraded', version, dependencies } };
  },
});
