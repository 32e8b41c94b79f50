import type { EngineSession, SessionState } from '../../shared/engine/session.ts';
import type { Services } from './handler.ts';
import { keepObject } from './keep-object.ts';
import type { Work } from './work.ts';

/** Where a state lies. Without a generation, the object has one only. */
export interface SavedState {
  readonly state_object?: string;
  readonly state_generation?: string;
}

/** Keeps the browser's state after a checkpoint as an object, encrypted; gives the object's name. */
export async function saveState(work: Work, engine: EngineSession, position: number): Promise<string> {
  const name = `${work.session.id}/state-${position}.json.enc`;
  await putState(work, engine, name);
  return name;
}

/** Keeps the browser's state as the newest generation of one object: the bucket keeps a few of them. */
export async function saveLatestState(work: Work, engine: EngineSession): Promise<Required<SavedState>> {
  const name = `${work.session.id}/state.json.enc`;
  return { state_object: name, state_generation: await putState(work, engine, name) };
}

async function putState(work: Work, engine: EngineSession, name: string): Promise<string> {
  const sealed = await work.services.cipher.encrypt(JSON.stringify(await engine.state()));
  return await keepObject(work, name, sealed, 'application/octet-stream');
}

/** The state that was kept. */
export async function readState(
  { state_object: name, state_generation: generation }: SavedState & { state_object: string },
  { artifacts, cipher }: Services,
): Promise<SessionState> {
  const sealed = await artifacts.get(name, ...(generation === undefined ? [] : [{ generation }]));
  return JSON.parse((await cipher.decrypt(sealed.toString('utf8'))).toString('utf8')) as SessionState;
}
