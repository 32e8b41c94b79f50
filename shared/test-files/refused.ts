/** Top-level keys of the test-file forms that this version does not have, and what to do instead. */
const tops: Readonly<Record<string, string>> = {
  include: 'copy the steps into this file',
};

/** Why something is refused, and what to do instead. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** Why a top-level key is refused, when it is one of these. */
export function refusedTop(key: string): Refusal | undefined {
  return Object.hasOwn(tops, key) ? refusal(`'${key}' is not part of this version`, tops[key]) : undefined;
}

function refusal(what: string, instead = 'leave the step out'): Refusal {
  return { message: `${what}; ${instead}`, hint: `${instead.charAt(0).toUpperCase()}${instead.slice(1)}.` };
}
