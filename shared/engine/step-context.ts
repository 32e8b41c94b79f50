import type { BrowserContext, CDPSession, ElementHandle, Frame, Locator, Page } from 'playwright-core';
import type { StepOutcome } from '../define/command.ts';
import type { Outside } from './outside.ts';
import type { ElementFacts, Sighting, Target } from './target.ts';

/**
 * What a target is wanted for. To act on: interactive elements come before static ones; to write in, to tick or to
 * choose from: fields, choices or lists do.
 */
export type Purpose = 'read' | 'interact' | 'field' | 'choice' | 'list';

/** How the next dialog is answered. `any` fits every kind. */
export interface DialogAnswer {
  readonly kind: 'any' | 'confirm' | 'prompt';
  readonly accept: boolean;
  readonly text?: string;
}

/** A dialog that was answered. */
export interface AnsweredDialog {
  readonly kind: string;
  readonly message: string;
  readonly accepted: boolean;
}

/** The variables of a session. Values are JSON. */
export interface VariableStore {
  get(name: string): unknown;
  has(name: string): boolean;
  set(name: string, value: unknown): void;
  delete(name: string): void;
  names(): string[];
}

/** The open tabs of a session, oldest first, and which one the steps act on. */
export interface Tabs {
  list(): readonly Page[];
  active(): Page;
  /** Steps act on this tab from now on, in its main frame. */
  activate(page: Page): Promise<void>;
  open(): Promise<Page>;
}

/** What is pictured, and how. */
export interface ShotOptions {
  /** The element; default the page. */
  readonly target?: Target;
  /** The whole page instead of what fits the viewport. */
  readonly fullPage?: boolean;
  /** For comparisons: animations at their end, no caret, one pixel a CSS pixel. */
  readonly still?: boolean;
}

/** What a command works with while it runs. Everything in it ends at the step's deadline or when the run is aborted. */
export interface StepContext {
  /** The active tab. */
  readonly page: Page;
  /** The frame in which targets are looked up. */
  readonly frame: Frame;
  readonly browser: BrowserContext;
  readonly tabs: Tabs;
  readonly variables: VariableStore;
  /** What is reached beside the browser. */
  readonly outside: Outside;
  /** Where the mouse was moved last, in CSS pixels of the viewport. */
  readonly pointer: { x: number; y: number };
  /** Aborted at the step's deadline or when the run is. */
  readonly signal: AbortSignal;

  /** Milliseconds until the step's deadline; at least 1. */
  left(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** A protocol session of the active tab. */
  cdp(): Promise<CDPSession>;

  /** Waits for the one element of a target. @throws StepError element-not-found, ambiguous-target. */
  find(target: Target, purpose?: Purpose, attribute?: string): Promise<{ locator: Locator; facts: ElementFacts }>;
  /** One look for the one element of a target, or for what is used in its place when it has gone. */
  seek(target: Target, purpose?: Purpose, attribute?: string): Promise<ElementFacts | 'several' | undefined>;
  /** One look at the page, without waiting. */
  look(target: Target, purpose?: Purpose, attribute?: string): Promise<Sighting>;
  /** Asks again and again until the outcome passes or the time is over; gives the last outcome. */
  poll(ask: () => Promise<StepOutcome>): Promise<StepOutcome>;

  /** Joins a relative URL to the base URL. @throws StepError refused, invalid-value. */
  url(given: string): string;
  /** Asks whether an address may be opened. @throws StepError refused. */
  admit(url: string): Promise<void>;
  /** Adds a sentence to the step's record. */
  note(sentence: string): void;
  /** From now on this text is masked in every record. */
  mask(text: string): void;
  /** A text as records may hold it: to be asked before it is shortened, which could cut a secret in two. */
  masked(text: string): string;
  /** From now on the field is unreadable in every picture. */
  cover(field: ElementHandle): Promise<void>;
  /** Chooses the frame of the active tab in which targets are looked up. */
  enterFrame(frame: Frame): void;
  /** Answers the next dialog; when one was answered on behalf of this step already, gives that one back. */
  armDialog(answer: DialogAnswer): AnsweredDialog | undefined;
  /** Milliseconds since the active tab had a request in flight; 0 while it has. */
  networkQuietMs(): number;
  /** Takes a picture as PNG in which the fields of secrets are boxes. */
  shoot(options: ShotOptions): Promise<Uint8Array>;
  /** Stores a file of the step; gives the name of the object. @throws StepError internal when it cannot be stored */
  saveArtifact(fileName: string, body: Uint8Array, contentType: string): Promise<string>;
}
