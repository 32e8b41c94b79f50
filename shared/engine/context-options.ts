import type { BrowserContextOptions } from 'playwright-core';
import { nearest } from '../../schemas/problems.ts';
import { configDefaults, type TestConfig } from '../../schemas/test-definition.ts';
import type { SessionState } from './session-state.ts';
import { StepError } from './step-error.ts';

/** What Playwright is told about a test's configuration. What the test names itself goes before its device. */
export async function contextOptions(
  config: TestConfig,
  storage?: SessionState['storage'],
): Promise<BrowserContextOptions> {
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
