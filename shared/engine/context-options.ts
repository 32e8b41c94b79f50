import type { BrowserContextOptions } from 'playwright-core';
import { nearest } from '../../schemas/problems.ts';
import { configDefaults, type TestConfig } from '../../schemas/test-definition.ts';
import type { SessionState } from './session-state.ts';
import { StepError } from './step-error.ts';

/**
 * What Playwright is told about a test's configuration. What the test names itself goes before its device.
 * @throws StepError invalid-value for what no browser can be opened with
 */
export async function contextOptions(
  config: TestConfig,
  storage?: SessionState['storage'],
): Promise<BrowserContextOptions> {
  if (config.timezone) checkTimeZone(config.timezone);
  checkText('locale', config.locale);
  checkText('userAgent', config.userAgent);
  return {
    viewport: configDefaults.viewport,
    ...(config.device === undefined ? {} : await deviceOptions(config.device)),
    ...(config.viewport === undefined ? {} : { viewport: config.viewport }),
    ...(config.locale === undefined ? {} : { locale: config.locale }),
    ...(config.timezone === undefined ? {} : { timezoneId: config.timezone }),
    ...(config.userAgent === undefined ? {} : { userAgent: config.userAgent }),
    ...(storage === undefined ? {} : { storageState: storage }),
  };
}

/** Offsets are zones to JavaScript, but not to the browser. */
function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

function checkTimeZone(timeZone: string): void {
  if (!isTimeZone(timeZone)) {
    const near = nearest(timeZone, Intl.supportedValuesOf('timeZone'));
    throw new StepError('invalid-value', `there is no time zone '${timeZone}'`, {
      hint: near
        ? `Did you mean '${near}'?`
        : 'Time zones are named as in the IANA database: Europe/Berlin, Etc/UTC, …',
    });
  }
}

function checkText(name: 'locale' | 'userAgent', text = ''): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (!/[\u0000-\u001f\u007f]/.test(text)) return;
  throw new StepError('invalid-value', `the configuration's '${name}' has line breaks or other control characters`);
}

async function deviceOptions(name: string): Promise<BrowserContextOptions> {
  const { devices } = await import('playwright-core');
  const device = devices[name];
  if (!device) {
    const near = nearest(name, Object.keys(devices));
    throw new StepError('invalid-value', `there is no device '${name}'`, {
      hint: near
        ? `Did you mean '${near}'?`
        : 'Devices are named as Playwright names them: iPhone 15, Pixel 7, iPad Mini, …',
    });
  }
  const { defaultBrowserType: _ours, ...options } = device;
  return options;
}
