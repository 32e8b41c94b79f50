const writeOut = 'write the steps out';

/** Words of the test-file forms whose commands this version does not have, and what to do instead. */
const steps: Readonly<Record<string, string>> = {
  upload: 'leave the step out, or test the upload through the page without a file',
  file: 'leave the step out, or test the upload through the page without a file',
  download: 'leave the step out',
  request: 'leave the step out',
};

const tops: Readonly<Record<string, string>> = {
  include: 'copy the steps into this file',
  blocks: `${writeOut} where they are used`,
};

/** Why something is refused, and what to do instead. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** Why a step's key is refused, when it is one of these. */
export function refusedStep(key: string): Refusal | undefined {
  return Object.hasOwn(steps, key) ? refusal(`'${key}' is not a command of this version`, steps[key]) : undefined;
}

/** Why a top-level key is refused, when it is one of these. */
export function refusedTop(key: string): Refusal | undefined {
  return Object.hasOwn(tops, key) ? refusal(`'${key}' is not part of this version`, tops[key]) : undefined;
}

/** Why a canonical command is refused that the vocabulary names and this version does not have. */
export function refusedCommand(name: string): Refusal | undefined {
  const [group, verb = ''] = name.split('.');
  const known = group === 'file' || name === 'api.request' || name === 'assert.snapshot';
  return known ? refusal(`'${name}' is not a command of this version`, steps[verb]) : undefined;
}

function refusal(what: string, instead = 'leave the step out'): Refusal {
  return { message: `${what}; ${instead}`, hint: `${instead.charAt(0).toUpperCase()}${instead.slice(1)}.` };
}
