import type { Work } from './work.ts';

/** Keeps something of a session among the artifacts; counts what it takes. @returns the object's generation */
export async function keepObject(
  work: Work,
  name: string,
  body: Uint8Array | string,
  contentType: string,
): Promise<string> {
  const { session, services } = work;
  countStored(work, body);
  return await services.artifacts.put(name, body, {
    contentType,
    metadata: { owner: session.user_id, run: session.run_id },
  });
}

/** Notes that something is stored: one operation, and as many bytes as it has. */
export function countStored(work: Work, body: Uint8Array | string): void {
  work.operations++;
  work.stored += Buffer.byteLength(body);
}
