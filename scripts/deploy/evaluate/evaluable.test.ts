import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { readValues } from '../check/check.ts';
import { type ProviderSchema, readProviderSchema } from '../check/provider-schema.ts';
import { parseTerraform, readTerraform, type TerraformBlock } from '../check/read-terraform.ts';
import { evaluable } from './evaluable.ts';
import { partsOf } from './interpolations.ts';

const block = (required: string[] = []) => ({ required, optional: [], computed: ['uid'], blocks: {} });
const schema = { provider: 'google', types: { google_a: block(), google_b: block() } } as unknown as ProviderSchema;

describe('the Terraform files without a provider', () => {
  /** The arguments of the resources, as the parser reads them again; what is only known later is left out. */
  async function written(text: string): Promise<Record<string, TerraformBlock['body']>> {
    const { blocks, problems } = await parseTerraform({ 'given.tf': text });
    assert.deepEqual(problems, []);
    const again = await parseTerraform({ 'main.tf': evaluable(blocks, schema) });
    assert.deepEqual(again.problems, []);
    return Object.fromEntries(again.blocks.map(({ kind, name, body }) => [name || kind, body]));
  }
  const flat = (value: unknown): string => String(value).replaceAll(/\s+/g, ' ');

  it('have a resource for each, whose other values are not known before it is made', async () => {
    const { google_a__x } = await written('resource "google_a" "x" {\n  count = 2\n  name  = "n"\n}');
    assert.equal(google_a__x?.count, 2);
    assert.equal(
      flat(google_a__x?.input),
      `\${merge({ id = terraform_data.unknown.id, uid = terraform_data.unknown.id }, { name = "n" })}`,
    );
  });

  it('name resources as they are called there: one, one of several, and all of them', async () => {
    const { locals } = await written(`
      resource "google_a" "x" { for_each = toset(["a"]) }
      resource "google_b" "y" {}
      locals {
        one  = google_b.y.uid
        some = [for key in ["a"] : google_a.x["\${key}"].uid]
        all  = [for each in google_a.x : each.uid]
      }`);
    assert.equal(locals?.one, `\${(terraform_data.google_b__y.output.uid)}`);
    assert.equal(locals?.some, `\${([for key in ["a"] : terraform_data.google_a__x["\${key}"].output.uid])}`);
    assert.equal(
      locals?.all,
      `\${([for each in { for key, one in terraform_data.google_a__x : key => one.output } : each.uid])}`,
    );
  });

  it('have dynamic blocks as lists, each inside of the other', async () => {
    const { google_a__x } = await written(`
      resource "google_a" "x" {
        dynamic "rule" {
          for_each = { a = ["b"] }
          content {
            name = "\${rule.key}-\\"quoted\\""
            dynamic "part" {
              for_each = rule.value
              content { text = "\${rule.key} \${part.value}" }
            }
          }
        }
      }`);
    const input = flat(google_a__x?.input);
    assert.match(input, /rule = concat\(\[for rule__key, rule__value in \{ a = \["b"\] \} : \{/);
    assert.ok(input.includes(`name = "\${rule__key}-\\"quoted\\""`), input);
    assert.match(input, /part = concat\(\[for part__key, part__value in \(rule__value\) : \{/);
    assert.ok(input.includes(`text = "\${rule__key} \${part__value}"`), input);
  });

  it('can be made of all that there are', async () => {
    const { blocks } = await readTerraform();
    const again = await parseTerraform({ 'main.tf': evaluable(blocks, readProviderSchema()) });
    assert.deepEqual(again.problems, []);
    const made = blocks.filter(({ kind }) => kind === 'resource' || kind === 'data').length;
    assert.equal(again.blocks.filter(({ kind }) => kind === 'resource').length, made + 1);
  });

  it('refuse a type that nobody knows', async () => {
    await assert.rejects(written('resource "google_c" "x" {}'), /schema has no google_c/);
  });

  it('are evaluated with values of variables that there are', async () => {
    const { blocks } = await readTerraform();
    const variables = blocks.filter(({ kind }) => kind === 'variable').map(({ name }) => name);
    const values = await readValues(fileURLToPath(new URL('.', import.meta.url)));
    const given = Object.keys(values['everything.tfvars'] ?? {});
    assert.ok(given.length > 10);
    assert.deepEqual(
      given.filter((name) => !variables.includes(name)),
      [],
    );
  });
});

describe('a text of Terraform', () => {
  it('is what stands for itself and what is evaluated, however deep', () => {
    assert.deepEqual(partsOf(`a \${b["\${c}}"]} {d} \${{ e = "}" }}`), [
      { literal: 'a ' },
      { code: `b["\${c}}"]` },
      { literal: ' {d} ' },
      { code: '{ e = "}" }' },
    ]);
  });
});
