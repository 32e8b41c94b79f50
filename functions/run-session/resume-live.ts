import type { LiveCommandEntity, Resumption } from '../../schemas/live.ts';
import type { Step } from '../../schemas/step.ts';
import { effectOf } from '../../shared/domain/step-effect.ts';
import type { EngineSession } from '../../shared/engine/session.ts';
import { engineOptions, surroundingsOf } from './engine-options.ts';
import type { LiveWork } from './live-work.ts';

/**
 * Opens the session's browser, where it left off if it has been open before: with its cookies, storage, tabs, places and
 * variables. What fields were filled with does not survive that, so it is done again.
 * @returns what was done for that; undefined for a session's first browser
 * @throws StepError environment-not-found, invalid-value
 */
export async function openLive(
  work: LiveWork,
  signal: AbortSignal,
): Promise<{ engine: EngineSession; resumed?: Resumption }> {
  const { live, services } = work;
  const engine = await services.engine.open(await services.browsers.get(live.user_id), {
    ...(await engineOptions(work, await surroundingsOf(work), live)),
    holdsDialogs: true,
  });
  if (live.done === 0) return { engine };
  const replay = await replayAll(work, engine, signal);
  return { engine, resumed: { url: (await engine.look()).url, ...replay } };
}

/** Does again, in their order, the commands since the last navigation that made the page what it was. */
async function replayAll(work: LiveWork, engine: EngineSession, signal: AbortSignal): Promise<Omit<Resumption, 'url'>> {
  const { live, services } = work;
  const [replayed, notReplayed, notes]: [number[], number[], string[]] = [[], [], engine.takeNotes()];
  for (const { position, step } of lost(await services.live.commandsOf(live.id, live.last_navigation || 1), work)) {
    const wanted = live.replay === 'all' || (live.replay === 'safe' && effectOf(step) === 'sets');
    if (!wanted || signal.aborted) {
      notReplayed.push(position);
      continue;
    }
    const { status, results } = await engine.runCheckpoint(
      { name: 'Replay', steps: [{ ...step, screenshot: false }], index: position },
      { signal },
    );
    if (status === 'passed') replayed.push(position);
    else {
      notReplayed.push(position);
      notes.push(`command ${position} could not be done again: ${results.at(-1)?.error?.message ?? status}`);
    }
  }
  return { replayed, notReplayed, notes: [...notes, ...engine.takeNotes()] };
}

type Lost = LiveCommandEntity & { step: Step };

/** The commands that passed and whose effect on the page a saved state does not have. */
function lost(commands: readonly LiveCommandEntity[], { live }: LiveWork): Lost[] {
  return commands.filter((command): command is Lost => {
    const { step, status, position } = command;
    if (!step || status !== 'passed' || position > live.done) return false;
    const effect = effectOf(step as Step);
    // One that led to the page is done by being there; a field that was filled while it was loading is not.
    return effect !== 'reads' && (position !== live.last_navigation || effect === 'sets');
  });
}
