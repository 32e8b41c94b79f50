const veil = '••••••';

/** Hides secrets in everything that leaves a session. */
export interface Mask {
  add(secret: string): void;
  text(given: string): string;
  /** A copy with every text in it masked, keys too; numbers that contain a secret become text. */
  value<T>(given: T): T;
  readonly secrets: () => readonly string[];
}

/** Also hides the forms in which secrets travel in addresses and JSON. */
export function maskFor(initial: readonly string[]): Mask {
  const forms = new Set<string>();
  let ordered: string[] = [];
  const add = (secret: string): void => {
    if (secret === '') return;
    for (const form of formsOf(secret)) forms.add(form);
    ordered = [...forms].sort((a, b) => b.length - a.length);
  };
  for (const secret of initial) add(secret);
  const text = (given: string): string => ordered.reduce((masked, secret) => masked.replaceAll(secret, veil), given);
  const value = (given: unknown): unknown => {
    if (ordered.length === 0) return given;
    if (typeof given === 'string') return text(given);
    if (typeof given === 'number') return text(String(given)) === String(given) ? given : text(String(given));
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, entry]) => [text(key), value(entry)]));
  };
  return { add, text, value: value as Mask['value'], secrets: () => ordered };
}

function formsOf(secret: string): string[] {
  const encoded = safely(() => encodeURIComponent(secret)) ?? secret;
  return [secret, encoded, encoded.replaceAll('%20', '+'), encodedAsForm(secret), JSON.stringify(secret).slice(1, -1)];
}

const encodedAsForm = (secret: string): string => new URLSearchParams({ s: secret }).toString().slice(2);

/** A lone surrogate cannot be encoded. */
function safely(encode: () => string): string | undefined {
  try {
    return encode();
  } catch {
    return undefined;
  }
}
