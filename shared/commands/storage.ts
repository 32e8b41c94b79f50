import { defineCommand } from '../define/command.ts';
import type { StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { fields, flag, scalar, text } from './fields.ts';

const cookieName = text('Name of the cookie.', { minLength: 1 });

const cookieCreate = defineCommand({
  name: 'data.cookie-create',
  summary: 'Sets a cookie.',
  kind: 'action',
  fields: fields(
    { name: cookieName, value: scalar('Its value.') },
    {
      domain: text("Default: the page's own host.", { minLength: 1 }),
      path: text('Default: the whole site.', { default: '/' }),
      secure: flag('Sent over https only.', false),
      httpOnly: flag('Hidden from scripts.', false),
      expires: scalar('When it ends: seconds since 1970 or an ISO 8601 date; default: with the session.'),
    },
  ),
  examples: [{ command: 'data.cookie-create', name: 'consent', value: 'yes', expires: '2099-01-01T00:00:00Z' }],
  aliases: {
    compact: { cookie: shape.pair('name', shape.anything('value')) },
    simplified: {
      cookie: shape.doing(['create', 'set'], {
        name: shape.text('name'),
        value: shape.anything('value'),
        domain: shape.text('domain'),
        path: shape.text('path'),
        secure: shape.anything('secure'),
        ...shape.named(['httpOnly', 'http_only'], shape.anything('httpOnly')),
        expires: shape.anything('expires'),
      }),
    },
  },
  run: async ({ name, value, domain, path = '/', secure = false, httpOnly = false, expires }, context) => {
    const cookie = { name, value: String(value), domain: domain ?? hostOf(context), path, secure, httpOnly };
    const whole = expires === undefined ? cookie : { ...cookie, expires: seconds(expires) };
    await context.browser.addCookies([whole]).catch((cause: Error) => {
      if (!/cookie/i.test(cause.message)) throw cause;
      throw new StepError(
        'invalid-value',
        `the browser takes no cookie '${name}' for ${cookie.domain}${path} as given`,
        {
          hint: 'Names and values hold no ; or control character; __Host- and __Secure- cookies need secure: true.',
          cause,
        },
      );
    });
    return undefined;
  },
});

function hostOf(context: StepContext): string {
  const { protocol, hostname } = new URL(context.page.url());
  if (/^https?:$/.test(protocol)) return hostname;
  throw new StepError('invalid-value', 'the cookie has no domain, and no page is open to take it from', {
    hint: 'Give the step a domain, or open the site first.',
  });
}

function seconds(expires: string | number | boolean): number {
  const at = Number(expires);
  const value = Number.isFinite(at) ? at : Date.parse(String(expires)) / 1000;
  if (Number.isFinite(value)) return value;
  throw new StepError('invalid-value', `'${expires}' is no date`, {
    hint: 'Use seconds since 1970 or 2030-01-31T12:00:00Z.',
  });
}

const cookieDelete = defineCommand({
  name: 'data.cookie-delete',
  summary: 'Deletes the cookies of a name.',
  kind: 'action',
  fields: fields({ name: cookieName }),
  examples: [{ command: 'data.cookie-delete', name: 'consent' }],
  aliases: {
    simplified: { cookie: shape.doing(['delete', 'remove'], { name: shape.text('name') }) },
    sentences: ['delete|remove [the] cookie {name:word}'],
  },
  run: async ({ name }, context) => {
    await context.browser.clearCookies({ name });
    return undefined;
  },
});

const cookiesClear = defineCommand({
  name: 'data.cookies-clear',
  summary: 'Deletes all cookies.',
  kind: 'action',
  fields: fields({}),
  examples: [{ command: 'data.cookies-clear' }],
  aliases: {
    simplified: { cookie: [shape.words({ clear: {}, 'clear-all': {} }), shape.doing(['clear', 'clear-all'])] },
    sentences: ['clear|delete|remove [all] [the] cookies'],
  },
  run: async (_fields, context) => {
    await context.browser.clearCookies();
    return undefined;
  },
});

/** Pages without an origin of their own (about:blank) have no storage: the browser refuses with a SecurityError. */
async function inStorage<T>(context: StepContext, script: (given: T) => void, given: T): Promise<undefined> {
  await context.frame.evaluate(script as (given: unknown) => void, given).catch((error: Error) => {
    if (!error.message.includes('SecurityError')) throw error;
    throw new StepError('refused', `${context.page.url()} has no local storage`, { hint: 'Open the site first.' });
  });
  return undefined;
}

const localStorageSet = defineCommand({
  name: 'data.local-storage-set',
  summary: "Sets an entry of the site's local storage.",
  kind: 'action',
  fields: fields({ key: text('Its key.', { minLength: 1 }), value: scalar('Its value.') }),
  examples: [{ command: 'data.local-storage-set', key: 'theme', value: 'dark' }],
  run: ({ key, value }, context) =>
    inStorage(context, (entry) => localStorage.setItem(entry.key, entry.value), { key, value: String(value) }),
});

const localStorageClear = defineCommand({
  name: 'data.local-storage-clear',
  summary: "Deletes one entry of the site's local storage, or all of them.",
  kind: 'action',
  fields: fields({}, { key: text('Only this key.', { minLength: 1 }) }),
  examples: [{ command: 'data.local-storage-clear', key: 'theme' }],
  run: ({ key }, context) =>
    inStorage(context, (only) => (only === null ? localStorage.clear() : localStorage.removeItem(only)), key ?? null),
});

export const storageCommands = [cookieCreate, cookieDelete, cookiesClear, localStorageSet, localStorageClear];
