import type { StepResult } from '../../schemas/step.ts';
import type { CommandDefinition, StepOutcome } from '../define/command.ts';
import { addressOf } from './address.ts';
import { isPassing, lookFor, resolveTarget, seek } from './find-target.ts';
import { healingOf, type StepHealing } from './healing.ts';
import type { LiveSession } from './live-session.ts';
import { saveArtifact, shoot } from './step-artifacts.ts';
import type { Purpose, StepContext } from './step-context.ts';
import { StepError } from './step-error.ts';
import type { Target } from './target.ts';
import { fillIn } from './variables.ts';
import { sleepUntil } from './waiting.ts';

/** What a running step needs to know of itself. */
export interface RunningStep {
  readonly command: CommandDefinition;
  /** Aborted at the deadline, by the caller, or when the session is ruined. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Filled in by the first target that is found. */
  readonly target: { found?: Pick<NonNullable<StepResult['target']>, 'resolved' | 'strategy'>; healing: StepHealing };
  /** Folder of the step's own artifacts. */
  readonly artifactFolder: string;
}

const pauses = [20, 50, 100, 100, 250];

/** The context that a command works with while its step runs. */
export function stepContext(live: LiveSession, step: RunningStep): StepContext {
  const left = (): number => Math.max(1, Math.ceil(step.deadline - live.now()));
  const sleep = (ms: number): Promise<void> => sleepUntil(ms, step.signal);
  const scene = () => ({ frame: live.tabs.frame(), cdp: () => live.tabs.cdp(live.tabs.active()) });
  const begun = live.now();
  const around = {
    timeoutMs: Math.max(1, step.deadline - begun),
    spent: () => live.now() - begun,
    quietMs: () => live.activity.quietMs(live.tabs.active()),
  };
  const search = (target: Target, purpose: Purpose, attribute: string | undefined) => ({
    purpose,
    scene,
    left,
    sleep,
    healing: healingOf(live.memory, step.target.healing, target, around),
    ...(attribute === undefined ? {} : { attribute }),
  });
  const context: StepContext = {
    get page() {
      return live.tabs.active();
    },
    get frame() {
      return live.tabs.frame();
    },
    browser: live.browser,
    tabs: live.tabs,
    outside: live.outside,
    variables: live.variables,
    pointer: live.pointer,
    signal: step.signal,
    left,
    now: live.now,
    sleep,
    cdp: () => live.tabs.cdp(live.tabs.active()),
    find: async (target, purpose = 'read', attribute) => {
      const { facts, strategy, resolved, selector } = await resolveTarget(target, search(target, purpose, attribute));
      step.target.found ??= { resolved, strategy };
      if (step.command.kind === 'action') await live.pictures.settled();
      return { facts, locator: live.tabs.frame().locator(selector).describe(facts.description) };
    },
    seek: async (target, purpose = 'read', attribute) => {
      const { one, seen } = await seek(target, search(target, purpose, attribute));
      if (one && one !== 'several') step.target.found = { resolved: one.description, strategy: seen.strategy };
      return one;
    },
    look: async (target, purpose = 'read', attribute) => {
      const seen = await lookFor(target, purpose, scene(), attribute === undefined ? {} : { attribute });
      const first = seen.matches[0];
      if (first) step.target.found = { resolved: first.description, strategy: seen.strategy };
      return seen;
    },
    poll: (ask) => poll(ask, left, sleep),
    url: (given) => addressOf(given, baseOf(live)),
    admit: async (address) => {
      const reason = await live.navigationGuard?.(address);
      if (reason)
        throw new StepError('refused', `${address} may not be opened: ${reason}`, {
          hint: 'Tests reach public addresses only.',
        });
    },
    note: (sentence) => void live.notes.push(sentence),
    mask: live.mask.add,
    masked: live.mask.text,
    cover: live.secretFields.add,
    enterFrame: live.tabs.enterFrame,
    armDialog: live.dialogs.arm,
    networkQuietMs: () => live.activity.quietMs(live.tabs.active()),
    shoot: (options) => shoot(live, context, options),
    saveArtifact: (fileName, body, contentType) =>
      saveArtifact(live, step.artifactFolder, fileName, { body, contentType }),
  };
  return context;
}

/** The base URL, with its variables filled in. @throws StepError unknown-variable. */
const baseOf = ({ baseUrl, sources }: LiveSession): string | undefined =>
  baseUrl === undefined ? undefined : String(fillIn(baseUrl, sources));

async function poll(
  ask: () => Promise<StepOutcome>,
  left: () => number,
  sleep: (ms: number) => Promise<void>,
): Promise<StepOutcome> {
  for (let attempt = 0; ; attempt++) {
    const asked = await ask().catch((error: unknown) => {
      if (!isPassing(error) || left() <= 1) throw error;
      return undefined;
    });
    if (asked?.passed || (asked && left() <= 1)) return asked;
    await sleep(Math.min(pauses[Math.min(attempt, pauses.length - 1)] ?? 250, left()));
  }
}
