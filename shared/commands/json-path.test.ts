import { deepEqual, throws } from 'node:assert/strict';
import { StepError } from '../engine/step-error.ts';
import { jsonPath } from './json-path.ts';

const value = {
  a: { b: [{ c: 1 }, { c: 2 }, null] },
  'x y': true,
  "it's": 'ok',
  'q"q': 0,
  größe: 3,
  nothing: null,
  __proto: 1,
};

describe('a JSONPath', () => {
  for (const [path, expected] of [
    ['$', value],
    ['$.a.b[0].c', 1],
    ['$.a.b[-2].c', 2],
    ['$.a.b[2]', null],
    ["$['x y']", true],
    ['$["x y"]', true],
    ["$['it\\'s']", 'ok'],
    ['$["q\\"q"]', 0],
    ["$['q\"q']", 0],
    ['$.größe', 3],
    ['$["gr\\u00f6\\u00dfe"]', 3],
    ['$.nothing', null],
    ['$.a.b[*].c', [1, 2]],
    ['$.a.*', [value.a.b]],
    ['$.a.b[*].none', []],
  ] as const) {
    it(`finds ${path}`, () => deepEqual(jsonPath(path, value), expected));
  }

  for (const [path, message] of [
    ['a.b', /must begin with \$/],
    ['$..c', /descendants/],
    ['$.a.b[?(@.c==1)]', /filters/],
    ['$.a.b[0:1]', /slices/],
    ['$.a.b[0,1]', /several at once/],
    ['$.a-b', /'-b' is not read/],
    ['$.a b', /' b' is not read/],
    ['$[', /is not read/],
    ["$['a", /is not read/],
    ['$.a.c', /names nothing/],
    ['$.a.b[3]', /names nothing/],
    ['$.a.b.c', /names nothing/],
    ['$.a[0]', /names nothing/],
    ['$.constructor', /names nothing/],
  ] as const) {
    it(`refuses ${path}`, () =>
      throws(
        () => jsonPath(path, value),
        (error) => error instanceof StepError && error.type === 'invalid-value' && message.test(error.message),
      ));
  }

  it('says what there is where it ends', () => {
    for (const [path, hint] of [
      ['$.a.c', 'There are: b.'],
      ['$.a.b[7]', 'There is a list of 3.'],
      ['$.größe.x', 'There is a number.'],
    ] as const)
      throws(() => jsonPath(path, value), { hint });
  });
});
