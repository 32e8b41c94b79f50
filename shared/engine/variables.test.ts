import { deepEqual, equal, match, throws } from 'node:assert/strict';
import type { StepError } from './step-error.ts';
import { fillIn, fillInScript, variableStore } from './variables.ts';

const sources = {
  variables: variableStore({
    user: 'ada',
    n: 7,
    cart: { items: [{ id: 'x' }], total: 3 },
    row: { city: 'Oslo' },
    nothing: null,
    price: 'only $user',
    pattern: '{{user}}, $&',
    größe: 'L',
    'first name': 'Ada',
  }),
  environment: { HOST: 'shop.example' },
  now: () => 1700000000000,
  random: () => 0.5,
};
const env = (name: string): string => `\${ENV:${name}}`;

describe('variables', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['plain', 'plain'],
    ['{{user}}', 'ada'],
    ['{{ user }}!', 'ada!'],
    ['$user', 'ada'],
    ['{{n}}', 7],
    ['n={{n}}', 'n=7'],
    ['$cart.total', 3],
    ['{{cart.items.0.id}}', 'x'],
    ['{{row.city}}', 'Oslo'],
    ['cart {{cart.items}}', 'cart [{"id":"x"}]'],
    ['[{{nothing}}]', '[]'],
    ['hello $user.', 'hello ada.'],
    ['costs $5 or $five', 'costs $5 or $five'],
    [env('HOST'), 'shop.example'],
    [`https://${env('HOST')}/{{user}}`, 'https://shop.example/ada'],
    ['{{timestamp}}', 1700000000000],
    ['{{random.int(1,10)}}', 6],
    ['{{price}}, {{pattern}}', 'only $user, {{user}}, $&'],
    ['$price!', 'only $user!'],
    ['{{größe}} {{first name}}', 'L Ada'],
    ['{{uuid}}', '88888888-8888-4888-8888-888888888888'],
  ];
  for (const [given, filled] of cases) {
    it(`fills in '${given}'`, () => deepEqual(fillIn(given, sources), filled));
  }

  it('names what does not exist, and the nearest there is', () => {
    const error = (given: string): StepError => {
      try {
        fillIn(given, sources);
      } catch (thrown) {
        return thrown as StepError;
      }
      throw new Error('it was filled in');
    };
    equal(error('{{usr}}').type, 'unknown-variable');
    match(error('{{usr}}').message, /no variable 'usr'/);
    equal(error('{{usr}}').hint, "Did you mean 'user'?");
    equal(error('{{cart.totl}}').hint, "Did you mean 'cart.total'?");
    match(error(env('HOTS')).message, /no environment variable 'HOTS'/);
    equal(error(env('HOTS')).hint, "Did you mean 'HOST'?");
    match(error('$nobody').message, /no variable 'nobody'/);
  });

  it('keeps random numbers within both ends', () => {
    const at = (random: number) => fillIn('{{random.int(1,10)}}', { ...sources, random: () => random });
    deepEqual([at(0), at(0.9999)], [1, 10]);
  });

  it('leaves the braces and dollars of scripts alone', () => {
    equal(fillInScript('$x({a:{b:1}}); "{{user}}" + {{unknown}}', sources), '$x({a:{b:1}}); "ada" + {{unknown}}');
  });

  it('cannot be reached through prototypes', () => {
    throws(() => fillIn('{{cart.constructor.name}}', sources), /no variable/);
    throws(() => fillIn(env('constructor'), sources), /no environment variable/);
  });
});
