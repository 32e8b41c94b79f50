/** A body that each request takes as it stands, by the name of its contract. */
export const requestExamples: Readonly<Record<string, unknown>> = {
  'steps-request': { steps: [{ command: 'navigate.to', url: 'https://shop.example/' }] },
  'self-patch': { name: 'Ada Lovelace', settings: { theme: 'dark' } },
  'user-request': { email: 'ada@example.com', name: 'Ada', role: 'developer' },
  'user-patch': { role: 'viewer', quotas: { runsADay: 50, storedMegabytesADay: 1000 } },
  'api-key-request': { name: 'CI', scopes: ['tests:read', 'runs:write'], expiresInDays: 90 },
  'lookup-request': { files: [{ name: 'shop/buys-a-pen.yaml', digest: '9f86d081884c7d65'.repeat(4) }] },
  'suite-request': { name: 'Smoke', selector: { tags: ['smoke'] } },
  'suite-patch': { description: 'What must work after each release.' },
  'run-request': { tags: ['smoke'], baseUrl: 'https://shop.example/', retries: 1 },
  'rerun-request': { failedOnly: true },
  'live-session-request': { name: 'Checkout', baseUrl: 'https://shop.example/' },
  'live-session-patch': { description: 'Looks for the coupon that is not taken.' },
  'live-commands-request': { command: 'navigate.to', url: '/cart', include: ['snapshot'] },
  'live-checkpoint-request': { name: 'In the cart' },
  'save-request': { name: 'Buys a pen', form: 'compact', store: true },
  'environment-request': { name: 'staging', variables: { locale: 'de' }, secrets: { password: 'correct horse' } },
  'environment-patch': { variables: { locale: null } },
  'export-request': { table: 'test_runs', format: 'csv', from: '2026-03-01', to: '2026-03-31' },
  'webhook-request': { url: 'https://hooks.example/virtuoso', events: ['run.completed'] },
  'webhook-patch': { description: 'Tells the release channel.' },
  'recover-request': { since: '2026-03-04T00:00:00Z' },
  'hook-request': { name: 'Pull requests', sender: 'github', suite: 'sui_01jnr4qk7h2v' },
  'hook-patch': { active: false },
  'schedule-request': { name: 'Nightly', cron: '0 3 * * *', timeZone: 'Europe/Berlin', run: { tags: ['smoke'] } },
  'schedule-patch': { active: false },
  'trigger-request': { name: 'Releases', on: 'message', run: { tags: ['smoke'] } },
  'trigger-patch': { active: false },
};

const test = 'test: Opens the shop\ndo:\n  - nav: https://shop.example/\n  - ch: Welcome\n';

/** The same of bodies that are taken as bytes, by the media types and the path. */
export function rawExample(path: string, type: string): string | undefined {
  if (path === '/v1/hooks/:id') return type === 'application/json' ? '{"ref": "refs/heads/main"}' : undefined;
  if (type === 'application/yaml') return test;
  return type === 'application/json'
    ? JSON.stringify({ test: 'Opens the shop', do: [{ nav: 'https://shop.example/' }] })
    : undefined;
}

/** What a refusal looks like. */
export const problemExample = {
  type: 'https://virtuoso.dev/problems/invalid-argument',
  title: 'The request is not valid',
  status: 400,
  detail: 'The body is not valid.',
  instance: '/v1/runs',
  requestId: 'req_01jnr4qk7h2v8w',
  errors: [{ pointer: '/retires', message: "unknown field 'retires'", hint: "did you mean 'retries'?" }],
} as const;
