import type { SessionEntity } from '../../schemas/entities.ts';
import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import type { Told } from '../../shared/analytics/rank-next.ts';
import type { EngineSession } from '../../shared/engine/session.ts';
import type { Work } from './work.ts';

/** A live session while this instance has it. */
export interface LiveWork extends Work {
  /** As its document is, but for who holds it. */
  live: LiveSessionEntity;
  /** Whether this instance has had a command in hand: the first may be what the instance before has died of. */
  begun: boolean;
  /** Until when its browser's time has been counted here (ms). */
  countedUntil?: number;
  /** The open browser context, once a command has needed it. */
  engine?: EngineSession | undefined;
  /** The commands before the one in hand; undefined as long as nobody has asked for suggestions. */
  before?: readonly Told[] | undefined;
  /** The accessibility tree that was told last. */
  tree?: string | undefined;
  /** Console and network problems since the page was last read, bounded. */
  problems: string[];
}

/** Problems that are kept for the next reading of the page. */
const MOST_PROBLEMS = 50;

export function addProblems(work: LiveWork, problems: readonly string[] = []): void {
  work.problems = [...work.problems, ...problems].slice(-MOST_PROBLEMS);
}

/** A live session as the parts see it that run sessions of runs: its own id stands for the run and the test. */
export function asSession({ id, ...live }: LiveSessionEntity): SessionEntity {
  return {
    id,
    created_at: live.created_at,
    updated_at: live.updated_at,
    user_id: live.user_id,
    run_id: id,
    test_id: id,
    test_name: id,
    content_hash: '',
    tags: [],
    kind: 'live',
    status: 'running',
    trigger: 'api',
    ...(live.base_url === undefined ? {} : { base_url: live.base_url }),
    ...(live.environment === undefined ? {} : { environment: live.environment }),
    // Who sends commands waits for each: pictures are made of what goes wrong, and of the page for who asks.
    config: { trace: 'none', screenshots: 'failures', ...live.config },
    variables: live.variables,
    position: 0,
    attempt: 1,
    attempts: 1,
    superseded: false,
    awaited: false,
    resumed: live.resumed,
    checkpoint_count: 0,
    step_count: 0,
    passed_steps: live.passed,
    failed_steps: live.failed,
    expires_at: live.expires_at,
  };
}

/** What a command leaves behind: its own outcome, and what it makes of its session. */
export interface Outcome {
  readonly command: Partial<LiveCommandEntity>;
  readonly session: Partial<LiveSessionEntity>;
}
