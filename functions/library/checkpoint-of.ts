import type { LibraryEntity } from '../../schemas/entities.ts';
import type { Diagnostic, TestDefinition } from '../../schemas/test-definition.ts';
import { readStorableTest } from '../../shared/domain/storable-test.ts';
import { AppError } from '../../shared/platform/errors.ts';

/** What a file says of a checkpoint. */
export type CheckpointContent = Pick<LibraryEntity, 'name' | 'description' | 'steps' | 'parameters'>;

const FILE = 'checkpoint';

/**
 * Reads a checkpoint from a test file in any form: its steps in order, and its variables as the parameters, those
 * without a value as ones that have to be given.
 * @throws AppError unprocessable with the diagnostics
 */
export async function checkpointOf(source: Uint8Array): Promise<CheckpointContent> {
  const { definition, suite, diagnostics } = await readStorableTest(source, { name: FILE });
  if (suite) throw rejected([problem('the file holds several tests', 'Store each as a checkpoint of its own.')]);
  if (!definition) throw rejected(diagnostics);
  const refused = refusalOf(definition);
  if (refused) throw rejected([refused]);
  const { name, description, checkpoints, variables } = definition;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    steps: checkpoints.flatMap(({ steps }) => steps) as LibraryEntity['steps'],
    parameters: Object.entries(variables).map(([parameter, value]) =>
      value === null ? { name: parameter } : { name: parameter, default: value },
    ),
  };
}

/** What only a test has is refused, not forgotten. */
function refusalOf(definition: TestDefinition): Diagnostic | undefined {
  const { name, setup, teardown, data, config, baseUrl, environment, tags } = definition;
  if (name.startsWith('lib_') || /@\d+$/.test(name))
    return problem(`'${name}' is no name for a checkpoint`, "Ids start with 'lib_', and '@2' names a version.");
  const given = { setup, teardown, data, config, baseUrl, environment, tags };
  const extra = Object.entries(given).find(
    ([, value]) => value !== undefined && (typeof value !== 'object' || Object.keys(value).length > 0),
  );
  if (!extra) return undefined;
  return problem(`a library checkpoint has no '${extra[0]}'`, `Leave it to the tests that use the checkpoint.`);
}

const problem = (message: string, hint: string): Diagnostic => ({
  severity: 'error',
  code: 'no-checkpoint',
  message,
  line: 1,
  column: 1,
  hint,
  file: FILE,
});

function rejected(diagnostics: readonly Diagnostic[]): AppError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const where = first ? ` Line ${first.line}, column ${first.column}: ${first.message}` : '';
  return new AppError('unprocessable', `The checkpoint has ${errors.length} problem(s).${where}`, {
    details: diagnostics,
  });
}
