import type { LiveCommandEntity } from '../../schemas/live.ts';
import { hasResult, type LiveSessions } from '../../shared/domain/live-sessions.ts';

/** The commands of a live session, one after the other as they come. */
export interface Inbox {
  /**
   * The next command; undefined when none has come in this time, or the signal is aborted.
   * @throws what listening has failed with
   */
  next(timeoutMs: number, signal: AbortSignal): Promise<LiveCommandEntity | undefined>;
  close(): void;
}

/** Listens to the commands from `from` on. */
export function openInbox(live: LiveSessions, sessionId: string, from: number): Inbox {
  const waiting = new Map<number, LiveCommandEntity>();
  let expected = from;
  let failure: unknown;
  let changed = Promise.withResolvers<void>();
  const tell = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const close = live.listen(
    sessionId,
    from,
    (commands) => {
      for (const command of commands) {
        if (command.position >= expected && !hasResult(command)) waiting.set(command.position, command);
      }
      tell();
    },
    (error) => {
      failure = error;
      tell();
    },
  );
  return {
    close,
    async next(timeoutMs, signal) {
      const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const ended = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
      for (;;) {
        if (signal.aborted) return undefined;
        if (failure !== undefined) throw failure;
        const command = waiting.get(expected);
        if (command) {
          waiting.delete(expected);
          expected++;
          return command;
        }
        if (over.aborted) return undefined;
        await Promise.race([changed.promise, ended]);
      }
    },
  };
}
