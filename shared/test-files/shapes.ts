/**
 * How the value of a key in a test file becomes the fields of a command. Shapes are data: the readers read by them,
 * messages describe them, and among the shapes that several commands give the same key the one that fits best wins
 * (a word before a number before a selector; a mapping by its keys).
 */
export type Shape = Nothing | Scalar | Words | Parts | Pair | Keys;

type Fixed = Readonly<Record<string, unknown>>;

interface Nothing {
  readonly shape: 'nothing';
  readonly fixed?: Fixed;
}

interface Scalar {
  readonly shape: 'scalar';
  readonly field: string;
  readonly takes: 'text' | 'number' | 'target' | 'anything' | 'reference' | 'steps' | 'condition';
  readonly fixed?: Fixed;
}

interface Words {
  readonly shape: 'words';
  readonly words: Readonly<Record<string, Fixed>>;
}

interface Parts {
  readonly shape: 'parts';
  readonly pattern: RegExp;
  /** Names of the pattern's groups that hold numbers are those of the fields. */
  readonly written: string;
}

interface Pair {
  readonly shape: 'pair';
  readonly key: string;
  readonly value: Shape;
  readonly fixed?: Fixed;
}

interface Keys {
  readonly shape: 'keys';
  readonly keys: Readonly<Record<string, Shape | readonly Shape[]>>;
  /** The key that chooses among the commands, by any of its names, and the values that choose this one. */
  readonly when?: { readonly names: readonly string[]; readonly values: readonly string[] };
  /** Fields without which the mapping means something else. */
  readonly needs: readonly string[];
  /** The keys, in this order, that a value is read as which is no mapping of these keys: `repeat: 3`. */
  readonly own?: readonly string[];
  /** Keys that may also stand beside the action: `try:` and `catch:`. */
  readonly beside?: readonly string[];
  readonly fixed?: Fixed;
}

/** No value: `back:`. */
export const nothing = (fixed: Fixed = {}): Shape => ({ shape: 'nothing', fixed });

/** An element: visible words, a selector, or a mapping that names the strategy. */
export const target = (field = 'target', fixed: Fixed = {}): Shape => ({
  shape: 'scalar',
  field,
  takes: 'target',
  fixed,
});

/** A text; a number is taken as it is written. */
export const text = (field: string, fixed: Fixed = {}): Shape => ({ shape: 'scalar', field, takes: 'text', fixed });

/** A number. */
export const number = (field: string, fixed: Fixed = {}): Shape => ({ shape: 'scalar', field, takes: 'number', fixed });

/** Whatever stands there, lists and mappings too. */
export const anything = (field: string): Shape => ({ shape: 'scalar', field, takes: 'anything' });

/** The name of a variable whose value is meant. */
export const reference = (field: string): Shape => ({ shape: 'scalar', field, takes: 'reference' });

/** A list of steps, each written as the file's form writes steps. */
export const steps = (field: string): Shape => ({ shape: 'scalar', field, takes: 'steps' });

/** A condition: `{visible: TARGET}`. */
export const condition = (field: string): Shape => ({ shape: 'scalar', field, takes: 'condition' });

/** One of these words, each with the fields it stands for. */
export const words = (given: Readonly<Record<string, Fixed>>): Shape => ({ shape: 'words', words: given });

/** Numbers in one text; the pattern's named groups are the fields. */
const parts = (pattern: RegExp, written: string): Shape => ({ shape: 'parts', pattern, written });

/** `800x600`. */
export const size = parts(/^\s*(?<width>\d+)\s*[x×*,]\s*(?<height>\d+)\s*$/i, 'WIDTHxHEIGHT');

/** `10,20`. */
export const point = parts(/^\s*(?<x>-?\d+(?:\.\d+)?)\s*,\s*(?<y>-?\d+(?:\.\d+)?)\s*$/, '"X,Y"');

/** `10,20` or `{x: 10, y: 20}`. */
export const place: readonly Shape[] = [point, keys({ x: number('x'), y: number('y') }, { needs: ['x', 'y'] })];

/** A key that says all: `back:`, `back: true`. */
export const alone: readonly Shape[] = [nothing(), words({ true: {} })];

/** The names of the element in the simplified form. */
export const elementNames = ['selector', 'element', 'target'] as const;

/** `{KEY: VALUE}`: one entry, its key a field too. */
export const pair = (key: string, value: Shape, fixed: Fixed = {}): Shape => ({ shape: 'pair', key, value, fixed });

interface KeysOptions {
  readonly when?: NonNullable<Keys['when']>;
  readonly needs?: readonly string[];
  readonly own?: readonly string[];
  readonly beside?: readonly string[];
  readonly fixed?: Fixed;
}

/** A mapping of known keys. */
export function keys(given: Readonly<Record<string, Shape | readonly Shape[]>>, options: KeysOptions = {}): Shape {
  return { shape: 'keys', keys: given, needs: [], ...options };
}

/** A mapping whose `action` is one of these. */
export function doing(
  actions: readonly string[],
  given: Keys['keys'] = {},
  options: Omit<KeysOptions, 'when'> = {},
): Shape {
  return keys(given, { when: { names: ['action'], values: actions }, ...options });
}

/** Several names for the same thing. */
export function named<S extends Shape | readonly Shape[]>(names: readonly string[], shape: S): Record<string, S> {
  return Object.fromEntries(names.map((name) => [name, shape]));
}

/** How a command is written in the test files: its keys in each form, and sentences. */
export interface Aliases {
  readonly compact?: Readonly<Record<string, Shape | readonly Shape[]>>;
  readonly simplified?: Readonly<Record<string, Shape | readonly Shape[]>>;
  /**
   * `press|hit [the] {key:key}`: words with their alternatives, words in brackets may be missing, braces hold fields.
   * A field may name what it takes: `ms`, `number`, `variable`, `url`, `key`, `quoted` (text in quotation marks), `word`
   * (that, or one word), `part` (of a pattern, taken as it stands).
   */
  readonly sentences?: readonly Sentence[];
}

/** The ways to say that something is so: `see that …`, `check that …`, `make sure …`. */
export const claims = (...says: readonly string[]): string[] =>
  says.flatMap((rest) => [
    `see|assert|verify|expect|ensure [that] ${rest}`,
    `check that ${rest}`,
    `make sure [that] ${rest}`,
  ]);

/** A sentence's pattern, alone or with the fields it implies. */
export type Sentence = string | { readonly says: string; readonly fixed: Fixed };

const takenWords: Partial<Record<Scalar['takes'], string>> = {
  number: 'a number',
  target: 'TARGET',
  steps: '[STEPS]',
  condition: '{visible: TARGET}',
};

/** The shape as people write it, for messages. */
export function written(shape: Shape): string {
  switch (shape.shape) {
    case 'nothing':
      return 'nothing';
    case 'scalar':
      return takenWords[shape.takes] ?? shape.field.toUpperCase();
    case 'words':
      return Object.keys(shape.words).join(' | ');
    case 'parts':
      return shape.written;
    case 'pair':
      return `{${shape.key.toUpperCase()}: ${written(shape.value)}}`;
    case 'keys':
      return `{${[...(shape.when ? [`${shape.when.names[0]}: ${shape.when.values[0]}`] : []), ...distinct(shape.keys)].join(', ')}}`;
  }
}

/** Of several names for the same thing, the first. */
function distinct(given: Readonly<Record<string, unknown>>): string[] {
  const seen = new Set<unknown>();
  return Object.entries(given).flatMap(([name, shape]) => (seen.has(shape) ? [] : [seen.add(shape) && name]));
}
