import type { AnyFunction } from '../define/function.ts';
import { toAppError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { continueTrace, withLogContext } from '../platform/trace.ts';

/** A delivery to a reacting function, decoded. */
export interface Delivery {
  readonly input: unknown;
  readonly traceparent: string | undefined;
  /** What identifies the delivery in logs. */
  readonly fields: Record<string, string>;
}

/**
 * Handles one delivery. A permanent error is recorded as a warning and acknowledged: delivering again would not help.
 * A transient one, and every bug, is thrown: the trigger delivers again.
 */
export async function react(
  declaration: AnyFunction,
  platform: Platform,
  services: Record<string, unknown>,
  delivery: Delivery,
): Promise<void> {
  const traceparent = continueTrace(delivery.traceparent, (bytes) =>
    Buffer.from(platform.randomBytes(bytes)).toString('hex'),
  );
  const context = { traceparent, function: declaration.name, fields: { ...delivery.fields } };
  await withLogContext(context, async () => {
    const startedAt = platform.clock.now();
    const elapsed = () => ({ duration_ms: platform.clock.now() - startedAt });
    try {
      await declaration.handle?.(delivery.input as never, services as never);
      platform.log.info(`${declaration.name} done`, elapsed());
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === 'permanent') {
        platform.log.warning(`${declaration.name} gave up: ${error.message}`, { code: error.code, ...elapsed() });
        return;
      }
      if (error.kind === 'transient') {
        platform.log.warning(`${declaration.name} will be tried again: ${error.message}`, {
          code: error.code,
          ...elapsed(),
        });
      } else platform.log.error(`${declaration.name} failed`, thrown, elapsed());
      throw error;
    }
  });
}
