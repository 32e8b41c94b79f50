import { StepError } from './step-error.ts';

/**
 * The address to open: http and https only, and about:blank; relative ones join the base URL.
 * @throws StepError invalid-value, refused.
 */
export function addressOf(given: string, baseUrl: string | undefined): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(given)?.[1]?.toLowerCase();
  if (given === 'about:blank') return given;
  if (scheme === 'http' || scheme === 'https') return parsed(given, undefined);
  if (scheme !== undefined && !/^[\w.-]+:\d+(\/|$)/.test(given)) {
    throw new StepError('refused', `'${scheme}:' addresses are not opened: ${given}`, {
      hint: 'Use http: or https:.',
    });
  }
  if (baseUrl === undefined) {
    throw new StepError('invalid-value', `'${given}' is relative, and the test has no base URL`, {
      hint: 'Give the test a baseUrl, or the whole address with https://.',
    });
  }
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new StepError('invalid-value', `the base URL '${baseUrl}' is no address of a site`, {
      hint: 'It begins with http:// or https://.',
    });
  }
  return parsed(given, baseUrl);
}

function parsed(given: string, baseUrl: string | undefined): string {
  try {
    return new URL(given, baseUrl).href;
  } catch (error) {
    throw new StepError('invalid-value', `'${given}' is no address`, {
      hint: 'An example: https://shop.example/cart',
      cause: error,
    });
  }
}
