import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import type { Step } from '../../schemas/step.ts';
import { aLiveCommand, mailbox } from '../live-mailbox.testing.ts';
import { bench as runBench } from './bench.testing.ts';

export const click: Step = { command: 'interact.click', target: 'Buy' };
export const write: Step = { command: 'interact.write', target: 'Name', text: 'Ada' };
export const see: Step = { command: 'assert.visible', target: 'Buy' };

/** Commands of one batch. */
export const steps = (...list: Step[]): LiveCommandEntity[] =>
  list.map((step, i) => aLiveCommand({ position: i + 1, batch: 1, step: step as never }));

/** run-session with a live session's mailbox. */
export function liveBench(commands: LiveCommandEntity[], session: Partial<LiveSessionEntity> = {}) {
  const box = mailbox({ commands, session });
  const acquired = { kind: 'acquired', session: box.session as never, resumed: false } as const;
  const fakes = runBench({ acquired, live: box.live as never });
  const ran = () => fakes.engineSession.runCheckpoint.args.map(([{ name, index }]) => `${name} ${index}`);
  return { ...fakes, ...box, ran };
}
