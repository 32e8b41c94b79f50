import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functions } from '../../../functions/index.ts';
import { type Manifest, manifestOf } from '../manifest.ts';
import { checkDeployment, readValues } from './check.ts';
import { type ProviderSchema, readProviderSchema } from './provider-schema.ts';
import { parseTerraform, readTerraform, TERRAFORM_FOLDER, type Terraform } from './read-terraform.ts';

describe('the check of what is deployed', () => {
  let terraform: Terraform;
  let schema: ProviderSchema;
  let manifest: Manifest;
  let values: Awaited<ReturnType<typeof readValues>>;

  before(async () => {
    terraform = await readTerraform();
    values = await readValues();
    schema = readProviderSchema();
    manifest = manifestOf(functions);
  });

  const check = (changed: Partial<Parameters<typeof checkDeployment>[0]> = {}) =>
    checkDeployment({ terraform, values, schema, manifest, functions, ...changed });

  /** The Terraform files, one of them with a fault. */
  async function withFault(file: string, from: string, to: string): Promise<Terraform> {
    const text = readFileSync(join(TERRAFORM_FOLDER, file), 'utf8');
    assert.ok(text.includes(from), `${file} has no '${from}'`);
    const { blocks, problems } = await parseTerraform({ [file]: text.replace(from, to) });
    return { blocks: [...terraform.blocks.filter((block) => block.file !== file), ...blocks], problems };
  }

  it('finds nothing wrong with the files as they are', () => {
    assert.deepEqual(check(), []);
  });

  const faults: readonly (readonly [what: string, file: string, from: string, to: string, found: RegExp])[] = [
    ['syntax', 'queues.tf', 'rate_limits {', 'rate_limits ', /queues\.tf cannot be parsed: /],
    [
      'an unknown type',
      'queues.tf',
      '"google_cloud_tasks_queue" "d',
      '"google_task_queue" "d',
      /has no google_task_queue/,
    ],
    [
      'an unknown argument',
      'queues.tf',
      'max_attempts =',
      'attempts =',
      /google_cloud_tasks_queue\.declared\.retry_config: there is no argument 'attempts'/,
    ],
    [
      'an unknown argument of a dynamic block',
      'firestore.tf',
      'field_path ',
      'path ',
      /google_firestore_index\.declared\.fields: there is no argument 'path'/,
    ],
    ['an unknown block', 'buckets.tf', 'dynamic "cors"', 'dynamic "origins"', /there is no block 'origins'/],
    ['a missing argument', 'queues.tf', 'location = each.value.region', '', /'location' must be given/],
    ['a missing block', 'secrets.tf', 'replication {\n    auto {}\n  }', '', /'replication' must be given/],
    [
      'what can only be read',
      'topics.tf',
      'resource "google_pubsub_topic" "declared" {',
      'resource "google_pubsub_topic" "declared" {\n  effective_labels = {}',
      /'effective_labels' can only be read/,
    ],
    ['an unknown variable', 'buckets.tf', 'var.bucket_prefix', 'var.prefix', /there is no var\.prefix/],
    ['an unknown local', 'queues.tf', '= local.queues', '= local.queue', /there is no local\.queue/],
    [
      'an unknown resource',
      'events.tf',
      'google_firestore_database.this.name',
      'google_firestore_database.that.name',
      /there is no google_firestore_database\.that/,
    ],
    [
      'an unknown data source',
      'locals.tf',
      'data.google_project.this.number',
      'data.google_project.that.number',
      /there is no data\.google_project\.that/,
    ],
    [
      'an unknown attribute',
      'outputs.tf',
      'google_compute_global_address.api.address',
      'google_compute_global_address.api.ip',
      /google_compute_global_address has no attribute 'ip'/,
    ],
    [
      'an unknown function',
      'buckets.tf',
      'upper(var.bucket_regions[0])',
      'upcase(var.bucket_regions[0])',
      /no function upcase/,
    ],
    ['a name that nothing has', 'armor.tf', 'tonumber(rule.key)', 'tonumber(waf.key)', /nothing is called 'waf'/],
    [
      'each without for_each',
      'warehouse.tf',
      'location                   = var.warehouse_location',
      'location = each.key',
      /without for_each/,
    ],
    [
      'a local value of a name that is taken',
      'functions.tf',
      'variable_names =',
      'told =',
      /local\.told is declared twice/,
    ],
    [
      'a resource that does not wait for its API',
      'load-balancer.tf',
      'strip_query            = false\n  }\n\n  depends_on = [google_project_service.api]',
      'strip_query            = false\n  }',
      /google_compute_url_map\.to_https does not wait for its API/,
    ],
    ['an idle variable', 'functions.tf', 'var.log_level', '"INFO"', /var\.log_level is not used/],
    [
      'declared topics that are not deployed',
      'topics.tf',
      'for_each = local.manifest.topics',
      'for_each = {}',
      /no google_pubsub_topic is made for topics/,
    ],
    [
      'triggers of a kind that are not deployed',
      'events.tf',
      'trigger if function.trigger.kind == "object"',
      'trigger if false',
      /no google_eventarc_trigger is made for functions of the manifest \(object\)/,
    ],
    [
      'something that is not declared',
      'queues.tf',
      'resource ',
      'resource "google_pubsub_topic" "more" {\n  name = "more"\n}\n\nresource ',
      /google_pubsub_topic\.more is made of nothing that is declared/,
    ],
    [
      'a role that nobody needs',
      'queues.tf',
      'resource ',
      'resource "google_project_iam_member" "owner" {\n  project = var.project\n  role = "roles/owner"\n  member = google_service_account.invoker.member\n}\n\nresource ',
      /google_project_iam_member\.owner gives a role that nobody is known to need/,
    ],
    [
      'roles on a kind of thing that are not given',
      'identities.tf',
      'grant.on == "secret"',
      'grant.on == "none"',
      /no google_secret_manager_secret_iam_member gives the functions' roles on a secret/,
    ],
    [
      'another role than the declared one',
      'identities.tf',
      'bucket = google_storage_bucket.declared[each.value.name].name\n  role   = each.value.role',
      'bucket = google_storage_bucket.declared[each.value.name].name\n  role   = "roles/storage.admin"',
      /google_storage_bucket_iam_member\.function gives a role/,
    ],
    [
      'a variable that no function reads',
      'functions.tf',
      'LOG_LEVEL ',
      'LOGGING ',
      /no function reads the variable LOGGING/,
    ],
  ];
  for (const [what, file, from, to, found] of faults) {
    it(`finds ${what}`, async () => {
      const problems = check({ terraform: await withFault(file, from, to) });
      assert.ok(
        problems.some((problem) => found.test(problem)),
        `${found} is not among:\n${problems.join('\n')}`,
      );
    });
  }

  it('finds a role without a use, and a use without a role', () => {
    const [[key = '', grant] = [], ...rest] = Object.entries(manifest.grants);
    assert.ok(grant);
    const stray = { ...grant, role: 'roles/owner' };
    const problems = check({ manifest: { ...manifest, grants: { ...Object.fromEntries(rest), stray } } });
    assert.deepEqual(problems, [
      `no declared use needs the role '${grant.function} owner${grant.name ? ` ${grant.name}` : ''}'`,
      `a declared use lacks the role '${key}'`,
    ]);
  });

  it('finds a part of the manifest that is not deployed', () => {
    assert.deepEqual(check({ manifest: { ...manifest, dashboards: {} } as Manifest }), [
      'dashboards of the manifest is not deployed: say in coverage.ts by which resource, or why not',
    ]);
  });

  it('finds functions that are not told what is configured', async () => {
    const told = 'merge(var.configuration, local.variables[each.value.region])';
    const problems = check({ terraform: await withFault('functions.tf', told, 'local.variables[each.value.region]') });
    assert.deepEqual(problems, ['functions are not told what var.configuration sets']);
  });

  it('finds what is configured and read by no function, cannot be read, or follows from other variables', () => {
    const configuration = { PARALEL_SESSIONS: '5', PARALLEL_SESSIONS: 'many', WARM_UP_SECONDS: 20, GCP_REGION: 'x' };
    assert.deepEqual(check({ values: { 'production.tfvars': { configuration } } }), [
      'production.tfvars: configuration: PARALEL_SESSIONS is read by no function: did you mean PARALLEL_SESSIONS?',
      'production.tfvars: configuration: PARALLEL_SESSIONS: PARALLEL_SESSIONS=many: must be a whole number from 1',
      'production.tfvars: configuration: GCP_REGION follows from other variables, which are to be set instead',
    ]);
  });

  it('finds a value of no variable', () => {
    assert.deepEqual(check({ values: { 'production.tfvars': { region: 'us-central1' } } }), [
      "production.tfvars: there is no variable 'region'",
    ]);
  });
});
