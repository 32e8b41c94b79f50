import type { BrowserContext } from 'playwright-core';
import type { TestConfig } from '../../schemas/test-definition.ts';
import type { Activity } from './activity.ts';
import type { DialogDesk } from './dialogs.ts';
import type { Memory } from './healing.ts';
import type { Mask } from './mask.ts';
import type { Outside } from './outside.ts';
import type { ArtifactStore, Pictures } from './pictures.ts';
import type { SecretFields } from './secret-fields.ts';
import type { VariableStore } from './step-context.ts';
import type { TabDesk } from './tabs.ts';
import type { VariableSources } from './variables.ts';

/** The parts of an open session, as the modules of the engine share them. */
export interface LiveSession {
  readonly browser: BrowserContext;
  readonly config: TestConfig;
  readonly baseUrl: string | undefined;
  readonly tabs: TabDesk;
  readonly dialogs: DialogDesk;
  readonly activity: Activity;
  readonly pictures: Pictures;
  readonly mask: Mask;
  readonly memory: Memory;
  readonly secretFields: SecretFields;
  readonly outside: Outside;
  readonly artifacts: ArtifactStore;
  readonly variables: VariableStore & { all(): Record<string, unknown> };
  readonly sources: VariableSources;
  readonly pointer: { x: number; y: number };
  readonly artifactPrefix: string;
  /** Names of the files that steps have stored. */
  readonly artifactNames: Set<string>;
  readonly now: () => number;
  readonly navigationGuard: ((url: string) => Promise<string | undefined>) | undefined;
  /** Sentences for the record of the running step, or of the next one. */
  readonly notes: string[];
  /** Documents that the tabs have loaded. */
  readonly loads: { readonly count: number };
}
