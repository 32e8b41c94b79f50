import { expressionOf, type Reference, textsOf } from './expressions.ts';
import type { ProviderSchema } from './provider-schema.ts';
import type { TerraformBlock } from './read-terraform.ts';

/** Functions of Terraform that the files may call; one more is added here after a look at its documentation. */
const FUNCTIONS = new Set(
  (
    'abs alltrue anytrue base64encode can ceil chunklist cidrsubnet coalesce compact concat contains distinct element ' +
    'file flatten floor format formatlist index join jsondecode jsonencode keys length lookup lower max md5 merge min ' +
    'nonsensitive one parseint plantimestamp range regex regexall replace reverse setintersection setproduct setunion sha1 sha256 slice ' +
    'sort split startswith endswith strcontains substr sum templatefile timeadd title tolist tomap tonumber toset ' +
    'tostring transpose trim trimprefix trimsuffix trimspace try upper urlencode values zipmap'
  ).split(' '),
);

/** References that lead nowhere, calls of unknown functions, and variables and locals that nobody needs. */
export function checkReferences(blocks: readonly TerraformBlock[], schema: ProviderSchema): string[] {
  const known = new Set(namesOf(blocks));
  const used = new Set<string>();
  const problems = blocks.flatMap((block) => {
    const where = `${block.file}: ${[block.kind, block.type, block.name].filter(Boolean).join(' ')}`;
    return textsOf(withoutTypes(block)).flatMap((text) => {
      const { references, calls } = expressionOf(text);
      const strange = calls
        .filter((name) => !FUNCTIONS.has(name))
        .map((name) => `${where}: there is no function ${name}()`);
      const wrong = references.flatMap((reference) => {
        used.add(`${reference.root}.${reference.path[0]}`);
        const problem = problemOf(reference, block, known, schema);
        return problem === undefined ? [] : [`${where}: ${problem}`];
      });
      return [...strange, ...wrong];
    });
  });
  const twice = namesOf(blocks).filter((name, index, all) => all.indexOf(name) !== index);
  const idle = [...known].filter((name) => /^(var|local)\./.test(name) && !used.has(name));
  return [
    ...new Set(problems),
    ...twice.map((name) => `${name} is declared twice`),
    ...idle.map((name) => `${name} is not used anywhere`),
  ];
}

function namesOf(blocks: readonly TerraformBlock[]): string[] {
  return blocks.flatMap(({ kind, type, name, body }) => {
    if (kind === 'resource') return [`${type}.${name}`];
    if (kind === 'data') return [`data.${type}.${name}`];
    if (kind === 'variable') return [`var.${name}`];
    if (kind === 'module') return [`module.${name}`];
    return kind === 'locals' ? Object.keys(body).map((key) => `local.${key}`) : [];
  });
}

/** A block without what is no expression: types of variables, names of changes to ignore. */
function withoutTypes({ kind, body }: TerraformBlock): unknown {
  if (kind === 'terraform' || kind === 'provider') return kind === 'provider' ? body : {};
  const { type: _, ...variable } = body;
  if (kind === 'variable') return variable;
  const { lifecycle: __, ...rest } = body;
  return rest;
}

function problemOf(
  { root, path, text }: Reference,
  block: TerraformBlock,
  known: ReadonlySet<string>,
  schema: ProviderSchema,
): string | undefined {
  const [first = '', second = '', third = ''] = path;
  if (root === 'path' || root === 'self' || root === 'terraform') return undefined;
  if (root === 'each') {
    if (block.body.for_each === undefined) return `'${text}' is in a resource without for_each`;
    return ['key', 'value'].includes(first) ? undefined : `each has no '${first}'`;
  }
  if (root === 'count') return block.body.count === undefined ? `'${text}' is in a resource without count` : undefined;
  if (['var', 'local', 'module'].includes(root))
    return known.has(`${root}.${first}`) ? undefined : `there is no ${root}.${first}`;
  if (root === 'data') {
    if (!known.has(`data.${first}.${second}`)) return `there is no data.${first}.${second}`;
    return attributeProblem(schema, `data.${first}`, third);
  }
  if (root.startsWith('google_')) {
    if (!known.has(`${root}.${first}`)) return `there is no ${root}.${first}`;
    return attributeProblem(schema, root, second);
  }
  return isIterator(root, block.body) ? undefined : `nothing is called '${root}'`;
}

function attributeProblem(schema: ProviderSchema, type: string, name: string): string | undefined {
  const known = schema.types[type];
  if (!known || name === '' || name === 'id' || name === '*') return undefined;
  const { required, optional, computed, blocks } = known;
  const has = [...required, ...optional, ...computed].includes(name) || Object.hasOwn(blocks, name);
  return has ? undefined : `${type} has no attribute '${name}'`;
}

/** Whether a dynamic block of the resource is called so. */
function isIterator(name: string, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => (key === 'dynamic' && Object.hasOwn(inner as object, name)) || isIterator(name, inner),
  );
}
