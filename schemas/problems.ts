/** One thing that is wrong with a value. `pointer` is a JSON Pointer (RFC 6901) to the offending place. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
}

/** The part of ajv's error object that is read here (ajv itself is not in the bundles). */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string | undefined;
  readonly params: Record<string, unknown>;
}

/** Turns ajv's errors into problems: unknown fields get the nearest known one as a hint, the noise of unions is folded. */
export function toProblems(errors: readonly SchemaError[], schema: unknown): Problem[] {
  const problems = new Map<string, Problem>();
  const unions = new Set(errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath));
  const isFolded = ({ keyword, instancePath }: SchemaError) => keyword in alternatives && unions.has(instancePath);
  for (const error of errors) {
    if (isFolded(error)) continue;
    const folded =
      error.keyword === 'anyOf' ? errors.filter((e) => isFolded(e) && e.instancePath === error.instancePath) : [];
    const problem = folded.length > 0 ? unionProblem(error.instancePath, folded) : toProblem(error, schema);
    problems.set(`${problem.pointer} ${problem.message}`, problem);
  }
  return [...problems.values()];
}

/** What the members of a union ask for, by the keyword that failed. */
const alternatives: Readonly<Record<string, (params: Record<string, unknown>) => string>> = {
  const: ({ allowedValue }) => (typeof allowedValue === 'string' ? `'${allowedValue}'` : String(allowedValue)),
  type: ({ type }) => [type].flat().join(' or '),
  format: ({ format }) => formats[String(format)] ?? String(format),
};

const formats: Readonly<Record<string, string>> = {
  date: 'a day (2026-03-04)',
  'date-time': 'a time with its offset (2026-03-04T12:00:00Z)',
};

function unionProblem(pointer: string, members: readonly SchemaError[]): Problem {
  const wanted = [...new Set(members.map(({ keyword, params }) => alternatives[keyword]?.(params) ?? keyword))];
  const last = wanted.pop();
  return { pointer, message: `must be ${wanted.length > 0 ? `${wanted.join(', ')} or ` : ''}${last}` };
}

function toProblem(error: SchemaError, schema: unknown): Problem {
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params.additionalProperty);
    const known = nearest(name, knownFields(schema, error.instancePath));
    return {
      pointer: `${error.instancePath}/${escapePointer(name)}`,
      message: `unknown field '${name}'`,
      ...(known ? { hint: `did you mean '${known}'?` } : {}),
    };
  }
  if (error.keyword === 'required') {
    const name = String(error.params.missingProperty);
    return { pointer: `${error.instancePath}/${escapePointer(name)}`, message: `'${name}' is required` };
  }
  if (error.keyword === 'enum') {
    const allowed = (error.params.allowedValues as unknown[]).join(', ');
    return { pointer: error.instancePath, message: `must be one of ${allowed}` };
  }
  if (error.keyword === 'type') {
    return { pointer: error.instancePath, message: `must be ${[error.params.type].flat().join(' or ')}` };
  }
  return { pointer: error.instancePath, message: error.message ?? `fails '${error.keyword}'` };
}

function knownFields(schema: unknown, path: string): string[] {
  let at = schema as Record<string, unknown> | undefined;
  for (const part of path.split('/').slice(1)) {
    const properties = at?.properties as Record<string, unknown> | undefined;
    at = (properties?.[part] ?? at?.items) as Record<string, unknown> | undefined;
    // A schema that contains itself.
    if (at?.$ref === '#') at = schema as Record<string, unknown>;
  }
  return Object.keys((at?.properties as Record<string, unknown> | undefined) ?? {});
}

function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The known word nearest to `word` by edit distance, when it is near enough to be a slip of the pen. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, cell(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = best;
    }
  }
  return cell(a.length, b.length);
}
