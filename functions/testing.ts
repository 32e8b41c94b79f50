import type {
  CheckpointEntity,
  DeliveryEntity,
  EnvironmentEntity,
  HookEntity,
  LibraryEntity,
  RunEntity,
  SessionEntity,
  SuiteEntity,
  TestEntity,
  WebhookEntity,
} from '../schemas/entities.ts';
import type { ScheduleEntity } from '../schemas/schedules.ts';
import type { StepResult } from '../schemas/step.ts';
import type { TestDefinition } from '../schemas/test-definition.ts';
import type { TriggerEntity } from '../schemas/triggers.ts';
import { hashOfKey } from '../shared/domain/api-keys.ts';
import type { ApiRequest } from '../shared/http/route.ts';
import { allScopes } from '../shared/http/scopes.ts';
import { AppError } from '../shared/platform/errors.ts';
import { NOON } from '../shared/platform/testing.ts';

const stamps = { created_at: new Date(NOON - 60_000), updated_at: new Date(NOON - 60_000) };

export const aDefinition = (given: Partial<TestDefinition> = {}): TestDefinition => ({
  name: 'Log in',
  tags: [],
  config: {},
  variables: {},
  data: [],
  setup: [],
  checkpoints: [{ name: 'One', steps: [{ command: 'navigate.to', url: 'https://a.example/' }] }],
  teardown: [],
  ...given,
});

export const aTest = (given: Partial<TestEntity> = {}): TestEntity => ({
  ...stamps,
  id: 'tst_1',
  user_id: 'usr_1',
  name: 'Log in',
  object: { bucket: 'virtuoso-tests', name: 'tests/usr_1/shop/login.yaml', generation: '7' },
  form: 'compact',
  definition: aDefinition(),
  content_hash: 'hash',
  version: 1,
  status: 'ready',
  diagnostics: [],
  tags: [],
  ...given,
});

export const aSuite = (given: Partial<SuiteEntity> = {}): SuiteEntity => ({
  ...stamps,
  id: 'sui_1',
  user_id: 'usr_1',
  name: 'All',
  object: { bucket: 'virtuoso-tests', name: 'tests/usr_1/all.yaml', generation: '7' },
  tests: ['tst_1', 'tst_2'],
  version: 1,
  ...given,
});

export const aLibraryCheckpoint = (given: Partial<LibraryEntity> = {}): LibraryEntity => ({
  ...stamps,
  id: 'lib_1',
  user_id: 'usr_1',
  name: 'log in',
  version: 1,
  steps: [{ command: 'interact.click', target: 'Log in' } as LibraryEntity['steps'][number]],
  parameters: [],
  content_hash: 'hash',
  ...given,
});

export const aRun = (given: Partial<RunEntity> = {}): RunEntity => ({
  ...stamps,
  id: 'run_1',
  user_id: 'usr_1',
  selection: { tests: ['tst_1'], definitions: [], variables: {} },
  status: 'running',
  trigger: 'api',
  totals: { sessions: 1, passed: 0, failed: 0, error: 0, checkpoints: 1, steps: 1 },
  ...given,
});

export const anEnvironment = (given: Partial<EnvironmentEntity> = {}): EnvironmentEntity => ({
  ...stamps,
  id: 'env_1',
  user_id: 'usr_1',
  name: 'staging',
  variables: { HOST: 'staging.example' },
  secrets: { PASSWORD: 'sealed:hunter2' },
  files: {},
  ...given,
});

export const aSession = (given: Partial<SessionEntity> = {}): SessionEntity => ({
  ...stamps,
  id: 'ses_1',
  user_id: 'usr_1',
  run_id: 'run_1',
  test_id: 'tst_1',
  test_name: 'Log in',
  content_hash: 'hash',
  tags: [],
  kind: 'run',
  status: 'running',
  trigger: 'api',
  config: {},
  variables: {},
  position: 0,
  attempt: 1,
  attempts: 1,
  superseded: false,
  awaited: true,
  resumed: 0,
  checkpoint_count: 1,
  step_count: 1,
  passed_steps: 0,
  failed_steps: 0,
  expires_at: new Date(NOON + 1e9),
  ...given,
});

export const aCheckpoint = (given: Partial<CheckpointEntity> = {}): CheckpointEntity => ({
  ...stamps,
  id: `chk_${given.position ?? 0}`,
  session_id: 'ses_1',
  run_id: 'run_1',
  test_id: 'tst_1',
  user_id: 'usr_1',
  position: 0,
  name: 'One',
  phase: 'main',
  steps: [{ command: 'navigate.to', url: '/' } as CheckpointEntity['steps'][number]],
  results: [],
  status: 'pending',
  attempt: 1,
  ...given,
});

export const aResult = (given: Partial<StepResult> = {}): StepResult => ({
  command: 'navigate.to',
  index: 0,
  status: 'passed',
  started_at: new Date(NOON).toISOString(),
  duration_ms: 12,
  console: 0,
  network: { requests: 1, failed: 0 },
  ...given,
});

export const aWebhook = (given: Partial<WebhookEntity> = {}): WebhookEntity => ({
  ...stamps,
  id: 'whk_1',
  user_id: 'usr_1',
  url: 'https://hooks.example/in',
  events: ['*'],
  active: true,
  headers: {},
  filters: {},
  payload: 'full',
  format: 'json',
  signature: 'v1',
  secrets: [{ sealed: 'sealed' }],
  ...given,
});

export const aHook = (given: Partial<HookEntity> = {}): HookEntity => ({
  ...stamps,
  id: 'hok_1',
  user_id: 'usr_1',
  name: 'Deployments',
  sender: 'generic',
  events: [],
  active: true,
  secret: 'sealed',
  tests: ['tst_1'],
  variables: {},
  ...given,
});

export const aSchedule = (given: Partial<ScheduleEntity> = {}): ScheduleEntity => ({
  ...stamps,
  id: 'sch_1',
  user_id: 'usr_1',
  name: 'Every hour',
  cron: '0 * * * *',
  time_zone: 'Etc/UTC',
  run: { tests: ['tst_1'] },
  active: true,
  missed: 'skip',
  overlap: 'allow',
  next_at: new Date(NOON),
  ...given,
});

/** By messages that carry the token `vtt_1`. */
export const aTrigger = (given: Partial<TriggerEntity> = {}): TriggerEntity => ({
  ...stamps,
  id: 'trg_1',
  user_id: 'usr_1',
  name: 'Deployed',
  on: 'message',
  active: true,
  token_hash: hashOfKey('vtt_1'),
  run: { tests: ['tst_1'] },
  ...given,
});

export const aDelivery = (given: Partial<DeliveryEntity> = {}): DeliveryEntity => ({
  ...stamps,
  id: 'dlv_1',
  webhook_id: 'whk_1',
  user_id: 'usr_1',
  event_id: 'evt_1',
  type: 'run.completed',
  body: '{"type":"run.completed"}',
  status: 'pending',
  attempts: [],
  next_attempt_at: new Date(NOON),
  expires_at: new Date(NOON + 1e9),
  ...given,
});

/** A request as a route's handler is given it. */
export function aRequest<Body = undefined, Query = Record<string, string>>(
  given: Partial<Omit<ApiRequest, 'body' | 'query' | 'header'>> & {
    body?: Body;
    query?: Query;
    headers?: Record<string, string>;
  } = {},
): ApiRequest<Body, Query> {
  const { headers = {}, ...rest } = given;
  return {
    params: {},
    caller: { userId: 'usr_1', scopes: allScopes, keyHash: 'hash' },
    id: 'req_1',
    method: 'GET',
    waitSeconds: undefined,
    header: (name) => headers[name],
    ...rest,
    body: given.body as Body,
    query: (given.query ?? {}) as Query,
  };
}

/** For `assert.rejects`: an AppError of this code. */
export const appError =
  (code: AppError['code'], message?: RegExp) =>
  (error: unknown): boolean =>
    error instanceof AppError && error.code === code && (message === undefined || message.test(error.message));
