import type { EngineSession, SessionState } from '../../shared/engine/session.ts';
import type { Services } from './handler.ts';
import type { Work } from './work.ts';

/** Keeps the browser's state after a checkpoint as an object, encrypted; gives the object's name. */
export async function saveState(work: Work, engine: EngineSession, position: number): Promise<string> {
  const { session, services } = work;
  const name = `${session.id}/state-${position}.json.enc`;
  const sealed = await services.cipher.encrypt(JSON.stringify(await engine.state()));
  work.operations++;
  await services.artifacts.put(name, sealed, {
    contentType: 'application/octet-stream',
    metadata: { owner: session.user_id, run: session.run_id },
  });
  return name;
}

/** The state that `saveState` kept. */
export async function readState(name: string, { artifacts, cipher }: Services): Promise<SessionState> {
  const sealed = await artifacts.get(name);
  return JSON.parse((await cipher.decrypt(sealed.toString('utf8'))).toString('utf8')) as SessionState;
}
