import type { LiveSession } from './live-session.ts';
import { whenPainted } from './pictures.ts';
import type { ShotOptions, StepContext } from './step-context.ts';
import { StepError } from './step-error.ts';

const stillness = { animations: 'disabled', caret: 'hide', scale: 'css' } as const;

/** Takes a picture as PNG in which the fields of secrets are boxes. */
export async function shoot(live: LiveSession, context: StepContext, options: ShotOptions): Promise<Uint8Array> {
  const { target, fullPage = false, still = false } = options;
  const element = target === undefined ? undefined : (await context.find(target)).locator;
  await live.pictures.settled();
  return await live.secretFields.within(context.page, (mask) =>
    whenPainted(() => {
      const how = { timeout: context.left(), type: 'png', mask, ...(still ? stillness : {}) } as const;
      return element ? element.screenshot(how) : context.page.screenshot({ ...how, fullPage });
    }),
  );
}

/** Stores a file under a name that no other file of the session has; gives the object's name. */
export async function saveArtifact(
  live: LiveSession,
  folder: string,
  fileName: string,
  { body, contentType }: { body: Uint8Array; contentType: string },
): Promise<string> {
  const name = freeName(live, folder, safeName(live.mask.text(fileName)));
  live.artifactNames.add(name);
  try {
    await live.artifacts.save(name, body, contentType);
    return name;
  } catch (cause) {
    throw new StepError('internal', `${name} could not be stored`, {
      hint: 'Storage did not take it; run the test again.',
      cause,
    });
  }
}

/** Letters of every script, digits and a few signs: what is safe in a path, a link and a file system. */
const safeName = (name: string): string => name.replaceAll(/[^\p{L}\d._-]+/gu, '-').slice(-100);

function freeName({ artifactNames }: LiveSession, folder: string, name: string): string {
  const [, stem = name, extension = ''] = /^(.+?)(\.[^.]*)?$/.exec(name) ?? [];
  let free = `${folder}/${name}`;
  for (let number = 2; artifactNames.has(free); number++) free = `${folder}/${stem}-${number}${extension}`;
  return free;
}
