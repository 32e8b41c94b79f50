import { UsageError } from './command.ts';

/** How long somebody who has named a local cloud waits to hear that none is there. */
const PATIENCE_MS = 5000;

/** The local cloud that `--cloud` names. @throws UsageError when it is no address, or nothing answers there */
export async function localCloudAt(cloud: string): Promise<URL> {
  if (!/^https?:\/\//.test(cloud) || !URL.canParse(cloud))
    throw new UsageError(`--cloud is an address such as http://127.0.0.1:8080, not '${cloud}'.`);
  const url = new URL(cloud);
  try {
    // Its own address: it answers without a function that would have to start.
    const answer = await fetch(`${url.origin}/_local/status`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await answer.body?.cancel();
  } catch (cause) {
    throw new UsageError(`${cloud} does not answer: is a local cloud running there?`, { cause });
  }
  return url;
}

/** Looks for credentials, without which clients fail wherever they happen to be. @throws UsageError */
export async function needCredentials(): Promise<void> {
  const { GoogleAuth } = await import('google-auth-library');
  try {
    await new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }).getClient();
  } catch (cause) {
    throw new UsageError(
      "This machine has no credentials for Google Cloud: run 'gcloud auth application-default login', or name a local cloud with --cloud.",
      { cause },
    );
  }
}
