import type { CDPSession, Page } from 'playwright-core';
import type { StepResult } from '../../schemas/step.ts';

/** Where pictures go. */
export interface ArtifactStore {
  save(name: string, body: Uint8Array, contentType: string): Promise<void>;
}

/** Takes a picture after each step without holding up the next one more than it must. */
export interface Pictures {
  /** Takes the pictures of all steps so far and ends when it has: an action must wait for that. */
  settled(): Promise<void>;
  /** Takes a picture for the step soon. Readings that ask before it is taken share it. */
  take(result: StepResult, name: string): void;
  /** Gives the step the picture of the step before it, when there is one: nothing has happened since. */
  share(result: StepResult): boolean;
  /** Ends when everything is stored; gives what could not be stored. */
  stored(): Promise<string[]>;
  /** Stores something else in the background. */
  store(name: string, body: Uint8Array, contentType: string): void;
}

interface Shot {
  readonly name: string;
  readonly results: StepResult[];
  readonly linger: PromiseWithResolvers<void>;
  started: boolean;
  done: Promise<void>;
}

/** A picture is taken so many milliseconds after its step, or when an action comes: quick readings need none of their own. */
const LINGER_MS = 40;

/** A picture is given up after this time: the step's record matters more. */
const PATIENCE_MS = 3000;
const RETRY_MS = 25;

/**
 * JPEG because it takes half the time of WebP here (48 ms against 98 for 1280 × 720) for not quite twice the bytes.
 */
const FORMAT = { format: 'jpeg', quality: 60, optimizeForSpeed: true } as const;
/**
 * Pixels across a picture of a step that passed: a page of 1280 is still read well at this size, in a third of the
 * time. A step that did not pass is pictured as large as it was.
 */
const MODEST_WIDTH = 800;

/** What pictures are taken of. */
interface Scene {
  /** Whether a dialog hides the page. */
  hidden(): boolean;
  active(): Page;
  cdp(page: Page): Promise<CDPSession>;
  /** Makes unreadable what must not be seen. */
  cover(page: Page): Promise<void>;
}

export function pictures(artifacts: ArtifactStore, scene: Scene): Pictures {
  let last: Shot | undefined;
  let tail: Promise<void> = Promise.resolve();
  const uploads: Promise<string | undefined>[] = [];

  function store(name: string, body: Uint8Array, contentType: string): void {
    uploads.push(
      artifacts.save(name, body, contentType).then(
        () => undefined,
        (error: unknown) => `${name} could not be stored: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
  }

  function settled(): Promise<void> {
    last?.linger.resolve();
    return tail;
  }

  async function shoot(shot: Shot): Promise<void> {
    shot.started = true;
    const modest = shot.results.every(({ status }) => status === 'passed' || status === 'skipped');
    const body = await capture(scene, modest);
    if (body) store(shot.name, body, 'image/jpeg');
    else for (const result of shot.results) withoutPicture(result);
  }

  return {
    settled,
    store,
    take: (result, name) => {
      if (last && !last.started) {
        last.results.push(result);
        result.screenshot = last.name;
        return;
      }
      const linger = Promise.withResolvers<void>();
      const shot: Shot = { name, results: [result], linger, started: false, done: Promise.resolve() };
      result.screenshot = name;
      setTimeout(linger.resolve, LINGER_MS).unref();
      shot.done = Promise.all([tail, linger.promise]).then(() => shoot(shot));
      tail = shot.done;
      last = shot;
    },
    share: (result) => {
      if (!last) return false;
      last.results.push(result);
      result.screenshot = last.name;
      return true;
    },
    stored: async () => {
      await settled();
      last = undefined;
      const problems = await Promise.all(uploads.splice(0));
      return problems.filter((problem) => problem !== undefined);
    },
  };
}

function withoutPicture(result: StepResult): void {
  delete result.screenshot;
  result.notes = [...(result.notes ?? []), 'no picture could be taken'];
}

async function capture({ active, cdp, cover, hidden }: Scene, modest: boolean): Promise<Uint8Array | undefined> {
  if (hidden()) return undefined;
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined).unref());
  const shot = whenPainted(async () => {
    const page = active();
    const protocol = await cdp(page);
    await cover(page);
    const clip = modest ? await modestClip(protocol) : undefined;
    const { data } = await protocol.send('Page.captureScreenshot', { ...FORMAT, ...(clip ? { clip } : {}) });
    return Buffer.from(data, 'base64');
  });
  return Promise.race([shot.catch(() => undefined), patience]);
}

/** What is visible, scaled down; undefined when it is small enough as it is. */
async function modestClip(protocol: CDPSession) {
  const {
    cssVisualViewport: visible,
    layoutViewport,
    cssLayoutViewport,
  } = await protocol.send('Page.getLayoutMetrics');
  const density = layoutViewport.clientWidth / cssLayoutViewport.clientWidth || 1;
  const scale = MODEST_WIDTH / (visible.clientWidth * density);
  if (scale >= 1) return undefined;
  return { x: visible.pageX, y: visible.pageY, width: visible.clientWidth, height: visible.clientHeight, scale };
}

/** A page that was not painted yet cannot be pictured: it will be a frame or two later. */
export async function whenPainted<T>(shoot: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await shoot();
    } catch (error) {
      const unpainted = error instanceof Error && error.message.includes('Unable to capture');
      if (!unpainted || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
