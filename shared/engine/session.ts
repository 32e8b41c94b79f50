import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import type { Fingerprints } from '../../schemas/fingerprint.ts';
import { configDefaults, type TestConfig } from '../../schemas/test-definition.ts';
import { activityOf } from './activity.ts';
import { readyPage } from './ask-page.ts';
import { boundDownloads } from './bounded-downloads.ts';
import { contextOptions } from './context-options.ts';
import { dialogDesk, type OpenDialog } from './dialogs.ts';
import { freshContext, prepareContext } from './fresh-context.ts';
import { memoryOf } from './healing.ts';
import type { LiveSession } from './live-session.ts';
import { type Look, lookAtPage, pictureOfPage } from './look-at-page.ts';
import { maskFor } from './mask.ts';
import type { Outside } from './outside.ts';
import { type ArtifactStore, pictures } from './pictures.ts';
import {
  type CheckpointInput,
  type CheckpointOptions,
  type CheckpointResult,
  runCheckpoint,
} from './run-checkpoint.ts';
import { secretFields } from './secret-fields.ts';
import { readState, restoreTabs, type SessionState } from './session-state.ts';
import { tabDesk } from './tabs.ts';
import { registerTargetSelector } from './target-selector.ts';
import { startTrace, stopTrace } from './trace.ts';
import { variableStore } from './variables.ts';

export type { SessionState } from './session-state.ts';

export interface SessionOptions {
  readonly config: TestConfig;
  readonly baseUrl?: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The environment given to the run: `${ENV:NAME}`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Values that are masked in everything that leaves the session. */
  readonly secrets: readonly string[];
  /** Where another browser left off. */
  readonly state?: SessionState;
  /** Leaves a dialog open for the next step where none has answered it ahead: who writes one step at a time sees it first. */
  readonly holdsDialogs?: boolean;
  readonly artifacts: ArtifactStore;
  readonly outside: Outside;
  /** What the test's earlier runs remembered of their elements; without it nothing is remembered or healed. */
  readonly fingerprints?: Fingerprints;
  /** Folder of the session's artifacts, without a slash at its end. */
  readonly artifactPrefix: string;
  readonly clock: { now(): number };
  /** From 0 to 1. */
  readonly random: () => number;
  /** The reason why an address may not be opened, if there is one. */
  navigationGuard?(url: string): Promise<string | undefined>;
}

/** A browser context that runs steps. One at a time. */
export interface EngineSession {
  runCheckpoint(checkpoint: CheckpointInput, options?: CheckpointOptions): Promise<CheckpointResult>;
  /** Changes what does not belong to the browser that is open: for the steps from now on. */
  configure(changes: Pick<TestConfig, 'timeout' | 'screenshots' | 'onFailure'>): void;
  state(): Promise<SessionState>;
  /** What was found otherwise than in the runs before, of the checkpoints that passed. */
  learned(): Fingerprints;
  /** What the page shows just now. @throws StepError when no page is open any more */
  look(): Promise<Look>;
  /** The dialog that is open: until it is answered, the page shows nothing and has no state. */
  dialog(): OpenDialog | undefined;
  /** A JPEG of what is visible. */
  picture(): Promise<Uint8Array>;
  /** How many documents its tabs have loaded so far. */
  loaded(): number;
  /** What happened that no step's record tells yet; it is told once. */
  takeNotes(): string[];
  /** True when no step can run any more: the page crashed, or the browser is gone. */
  ruined(): boolean;
  /**
   * Closes the context.
   * @param options.trace keep the trace, if one was made: gives its file, which `dispose` deletes.
   */
  close(options: { trace: boolean }): Promise<{ trace?: string; dispose(): Promise<void> }>;
}

/** Opens a fresh context in the browser, or one that goes on from a state. @throws StepError invalid-value for a device that is not known. */
export async function openSession(browser: Browser, options: SessionOptions): Promise<EngineSession> {
  await registerTargetSelector();
  const how = await contextOptions(options.config, options.state?.storage);
  const context = options.state ? await browser.newContext(how) : await freshContext(browser, how);
  try {
    const traced = (options.config.trace ?? configDefaults.trace) !== 'none';
    if (traced) await startTrace(context);
    const live = assemble(context, options);
    if (options.state) await restoreTabs(live, options.state, options.config.timeout ?? configDefaults.timeout);
    await live.tabs.start();
    live.activity.take();
    return {
      runCheckpoint: (checkpoint, how = {}) => runCheckpoint(live, checkpoint, how),
      configure: (changes) => void Object.assign(live.config, changes),
      state: () => readState(live),
      learned: () => live.mask.value(live.memory.learned()),
      look: () => lookAtPage(live),
      dialog: () => live.mask.value(live.dialogs.pending()),
      picture: () => pictureOfPage(live),
      loaded: () => live.loads.count,
      takeNotes: () => live.notes.splice(0).map(live.mask.text),
      ruined: () => live.tabs.ruin() !== undefined,
      close: (how) => close(live, traced, how.trace),
    };
  } catch (error) {
    await context.close().catch(() => undefined);
    throw error;
  }
}

/** Makes the browser ready for a session of the same configuration, in the background. */
export async function prepareSession(browser: Browser, config: TestConfig): Promise<void> {
  prepareContext(browser, await contextOptions(config));
}

/** Of what a page does in a step, which may be as much as it likes, so much is told. */
const MOST_NOTES = 20;
const LONGEST_NOTE = 1000;

function assemble(context: BrowserContext, options: SessionOptions): LiveSession {
  const now = (): number => options.clock.now();
  const notes: string[] = [];
  const given = [...options.secrets, ...(options.state?.secrets ?? [])];
  const mask = maskFor(given);
  const note = (sentence: string): void => {
    if (notes.length < MOST_NOTES) notes.push(mask.text(sentence).slice(0, LONGEST_NOTE));
    else if (notes.length === MOST_NOTES) notes.push('more of what the page did is not listed');
  };
  const dialogs = dialogDesk(note, options.holdsDialogs);
  const covered = secretFields(() => [...given, ...mask.learned()]);
  const activity = activityOf(now, mask.text);
  const variables = variableStore({ ...options.variables, ...options.state?.variables });
  const loads = { count: 0 };
  const bounded = boundDownloads(note);
  const tabs = tabDesk(context, {
    note,
    watch: (page) => {
      dialogs.watch(page);
      activity.watch(page);
      bounded(page, tabs.cdp(page));
      page.on('domcontentloaded', () => {
        loads.count++;
        void readyPage(tabs.cdp(page));
      });
    },
  });
  return {
    browser: context,
    config: { ...options.config },
    baseUrl: options.baseUrl,
    tabs,
    dialogs,
    activity,
    pictures: pictures(options.artifacts, {
      ...{ active: tabs.active, cdp: tabs.cdp, cover: covered.cover },
      hidden: () => dialogs.pending() !== undefined,
    }),
    artifacts: options.artifacts,
    outside: options.outside,
    mask,
    memory: memoryOf(options.config, options.fingerprints),
    secretFields: covered,
    variables,
    sources: { variables, environment: options.environment ?? {}, now, random: options.random },
    pointer: { x: 0, y: 0 },
    artifactPrefix: options.artifactPrefix,
    artifactNames: new Set(),
    now,
    navigationGuard: options.navigationGuard?.bind(options),
    notes,
    loads,
  };
}

async function close(
  live: LiveSession,
  traced: boolean,
  keep: boolean,
): Promise<{ trace?: string; dispose(): Promise<void> }> {
  const folder = traced && keep ? await mkdtemp(join(tmpdir(), 'virtuoso-trace-')) : undefined;
  const dispose = async (): Promise<void> => {
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  try {
    const trace = traced ? await stopTrace(live.browser, folder && join(folder, 'trace.zip'), live.mask) : undefined;
    return { ...(trace ? { trace } : {}), dispose };
  } catch (error) {
    await dispose();
    throw error;
  } finally {
    await live.browser.close().catch(() => undefined);
  }
}
