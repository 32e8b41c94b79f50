import { readFile } from 'node:fs/promises';
import type { SessionEntity } from '../../schemas/entities.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import type { EngineSession } from '../../shared/engine/session.ts';
import { keepObject } from './keep-object.ts';
import type { Work } from './work.ts';

/** Closes a session that is given up; a browser that has died cannot be closed any more. */
export async function discard(engine: EngineSession): Promise<void> {
  try {
    await (await engine.close({ trace: false })).dispose();
  } catch {
    // The reason why the session is given up is thrown by who calls.
  }
}

/** Whether a session's trace is kept. */
export function isTraceKept({ config }: SessionEntity, broken: boolean): boolean {
  const wanted = config.trace ?? configDefaults.trace;
  return wanted === 'always' || (wanted === 'failures' && broken);
}

/** Closes the browser's context, and keeps its trace as an object if it is to be kept. It never fails. */
export async function closeEngine(
  work: Work,
  engine: EngineSession,
  trace: boolean,
): Promise<{ trace_object?: string }> {
  const { services } = work;
  try {
    const closed = await engine.close({ trace });
    try {
      return closed.trace ? { trace_object: await storeTrace(work, closed.trace) } : {};
    } finally {
      await closed.dispose();
    }
  } catch (error) {
    // The results are committed: a trace that is lost does not change them.
    services.log.error('The trace could not be kept.', error);
    return {};
  }
}

async function storeTrace(work: Work, file: string): Promise<string> {
  const name = `${work.session.id}/trace.zip`;
  await keepObject(work, name, await readFile(file), 'application/zip');
  return name;
}
