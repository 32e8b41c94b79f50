import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sinon from 'sinon';
import { resources } from '../../../shared/resources/index.ts';
import { stableRevisions } from '../pipeline/stable-revisions.ts';
import { type DeployOptions, deploy } from './deploy.ts';
import { type FakeAnswer, type FakeTools, fakeTools, healthy } from './fake-tools.testing.ts';
import { findMissing } from './requirements.ts';
import { rollback } from './rollback.ts';

const ALL = ['gcloud', 'terraform', 'docker'];
const used: FakeTools[] = [];
afterEach(() => {
  for (const tools of used.splice(0)) tools.close();
});

function use(answers: readonly FakeAnswer[], names: readonly string[] = ALL): FakeTools {
  const tools = fakeTools(names, answers);
  used.push(tools);
  return tools;
}

describe('what a deployment lacks', () => {
  const missing = async (answers: readonly FakeAnswer[], names?: readonly string[]) =>
    (await findMissing(use([...answers, ...healthy], names).run, 'demo')).map(({ what, mend }) => `${what}: ${mend}`);

  it('is nothing where everything is there', async () => {
    assert.deepEqual(await missing([]), []);
  });

  it('are tools', async () => {
    const found = await missing([], ['gcloud']);
    assert.match(found.join('\n'), /terraform is not installed: see https:.*\ndocker is not installed: see https:/);
  });

  it('is a login, and a project that one may see', async () => {
    assert.deepEqual(await missing([{ when: /auth list/, prints: '' }]), ['nobody is logged in: gcloud auth login']);
    assert.deepEqual(await missing([{ when: /projects describe demo/, code: 1 }]), [
      'there is no project demo, or ada@example.com may not see it: gcloud projects create demo',
    ]);
  });

  it('are billing, APIs and roles, each with the command that mends it', async () => {
    const found = await missing([
      { when: /billing projects describe/, prints: 'False\n' },
      { when: /services list/, prints: 'iam.googleapis.com\nrun.googleapis.com\nstorage.googleapis.com\n' },
      { when: /get-iam-policy/, prints: 'roles/editor\nroles/run.admin\nroles/storage.admin\n' },
    ]);
    assert.match(found[0] ?? '', /^demo has no billing account: gcloud billing projects link demo /);
    assert.equal(
      found[1],
      'APIs are not enabled: artifactregistry.googleapis.com, cloudresourcemanager.googleapis.com, serviceusage.googleapis.com: gcloud services enable artifactregistry.googleapis.com cloudresourcemanager.googleapis.com serviceusage.googleapis.com --project=demo',
    );
    assert.deepEqual(
      found.slice(2).map((text) => /lacks (\S+):/.exec(text)?.[1]),
      [
        ...['roles/resourcemanager.projectIamAdmin', 'roles/secretmanager.admin', 'roles/iam.serviceAccountAdmin'],
        ...['roles/logging.configWriter', 'roles/datacatalog.categoryAdmin'],
      ],
    );
    assert.match(found[2] ?? '', /add-iam-policy-binding demo --member=user:ada@example.com --role=roles\/resource/);
  });
});

describe('a deployment', () => {
  function bench(answers: readonly FakeAnswer[] = [], more: Partial<DeployOptions> = {}) {
    const { run, folder, calls } = use([...answers, ...healthy]);
    const said: string[] = [];
    const smoke = sinon.stub<[string, string], Promise<void>>().resolves();
    const build = async () => {
      for (const name of ['health', 'runs']) mkdirSync(join(folder, 'functions', name), { recursive: true });
      // A build that was interrupted has left one behind.
      for (const name of ['health', 'runs', 'runs.new-77']) {
        mkdirSync(join(folder, '.build', name), { recursive: true });
        writeFileSync(join(folder, '.build', name, 'package.json'), '{}');
      }
      return ['health', 'runs'];
    };
    const options: DeployOptions = {
      ...{ project: 'demo', regions: ['us-central1'], environment: 'production', plan: false, canaryPercent: 10 },
      ...{ release: 'r2', folder, run, build, smoke, say: (line) => void said.push(line), ...more },
    };
    const percents = () => calls().flatMap((call) => /^terraform apply .*canary_percent=(\d+)/.exec(call)?.[1] ?? []);
    return { folder, said, smoke, calls, percents, deploy: () => deploy(options) };
  }

  it('tries new revisions with a share of the requests, and gives them all when the smoke tests pass', async () => {
    const { deploy, folder, smoke, calls, percents, said } = bench();
    assert.equal(await deploy(), 0);
    assert.deepEqual(percents(), ['10', '100']);
    assert.deepEqual(smoke.args, [['https://api.example.com', 'vrt_key']]);
    const work = (file: string) => JSON.parse(readFileSync(join(folder, '.build/deploy', file), 'utf8')) as unknown;
    assert.deepEqual(work('images.tfvars.json'), {
      images: {
        health: `us-docker.pkg.dev/demo/virtuoso/health@sha256:${'a'.repeat(64)}`,
        runs: `us-docker.pkg.dev/demo/virtuoso/runs@sha256:${'a'.repeat(64)}`,
      },
    });
    assert.deepEqual(work('stable.tfvars.json'), {
      stable_revisions: { 'us-central1/health': 'health-r1', 'us-central1/runs': 'runs-r1' },
    });
    const built = calls().flatMap((call) => /^docker build .*FUNCTION=(\S+) /.exec(call)?.[1] ?? []);
    assert.deepEqual(built, ['health', 'runs']);
    const apply = calls().find((call) => call.startsWith('terraform apply')) ?? '';
    assert.match(
      apply,
      /-var project=demo -var images_area=us -var release=r2 -var canary_percent=10 -var regions=\["us-central1"\]$/,
    );
    const dead = calls().filter((call) => call.includes('--dead-letter-topic dead-letters'));
    assert.deepEqual(
      dead.map((call) => call.split(' ')[4]),
      ['sub-1', 'sub-2'],
    );
    assert.ok(calls().some((call) => /docker tags add \S+health@sha256:a+ \S+\/health:latest$/.test(call)));
    assert.match(said.at(-1) ?? '', /r2 takes all requests/);
  });

  it('rolls back by itself when the smoke tests fail', async () => {
    const { deploy, smoke, percents, said } = bench();
    smoke.rejects(new Error('no report'));
    assert.equal(await deploy(), 1);
    assert.deepEqual(percents(), ['10', '0']);
    assert.match(said.join('\n'), /the smoke tests failed: no report\nrolled back/);
  });

  it('of a project without any gets all requests at once, and its secrets', async () => {
    const { deploy, smoke, percents, calls, said } = bench([
      { when: /run services list/, prints: '[]' },
      { when: /secrets versions list/, prints: '' },
    ]);
    assert.equal(await deploy(), 0);
    assert.deepEqual([percents(), smoke.callCount], [['100'], 0]);
    const made = calls().flatMap((call) => /secrets versions add (\S+)/.exec(call)?.[1] ?? []);
    const generated = resources.secrets.filter(({ generate }) => generate !== 'none').map(({ name }) => name);
    assert.ok(generated.includes('virtuoso-api-key'));
    assert.deepEqual(made, generated);
    assert.ok(!calls().some((call) => /vrt_|whsec_/.test(call)), 'no secret is on a command line');
    // Roles are given to them, so they must be there.
    const accounts = calls().flatMap((call) => /services identity create --service (\w+)\./.exec(call)?.[1] ?? []);
    assert.deepEqual(accounts, ['secretmanager', 'pubsub', 'eventarc']);
    assert.match(said.join('\n'), /let the A record of api\.example\.com be 203\.0\.113\.7/);
  });

  const areas = { 'europe-west4': ['europe', 'eu'], 'asia-east1': ['asia', 'asia'], 'us-east1': ['us', 'us'] };
  for (const [region, [area = '', bucketArea = '']] of Object.entries(areas)) {
    it(`keeps images and state where they outlive ${region}`, async () => {
      const { deploy, calls } = bench(
        [
          { when: /storage buckets describe|artifacts repositories describe/, code: 1 },
          { when: /^terraform state list/, prints: '' },
        ],
        { plan: true, regions: [region] },
      );
      assert.equal(await deploy(), 0);
      const called = calls().join('\n');
      assert.match(called, new RegExp(`buckets create gs://demo-terraform .*--location ${bucketArea} `));
      assert.match(called, new RegExp(`repositories create virtuoso .*--location ${area} `));
      assert.match(called, new RegExp(`terraform import .*projects/demo/locations/${area}/repositories/virtuoso`));
      assert.match(called, new RegExp(`terraform plan .*-var images_area=${area} `));
    });
  }

  it('that is only planned changes nothing', async () => {
    const { deploy, calls, smoke } = bench([], { plan: true });
    assert.equal(await deploy(), 0);
    assert.ok(calls().some((call) => call.startsWith('terraform plan')));
    assert.ok(
      !calls().some((call) =>
        /^terraform apply|^docker (build|push)|secrets versions add|services (enable|identity)/.test(call),
      ),
    );
    assert.equal(smoke.callCount, 0);
  });

  it('does nothing when something is missing, and says what', async () => {
    const { deploy, calls, said } = bench([{ when: /billing projects describe/, prints: 'False' }]);
    assert.equal(await deploy(), 1);
    assert.match(said.join('\n'), /missing: demo has no billing account\n {2}mend: gcloud billing/);
    assert.ok(!calls().some((call) => call.startsWith('terraform init')));
  });

  it('that fails on the way says which command did, in its words', async () => {
    const { deploy } = bench([{ when: /^terraform apply/, code: 3, prints: 'Error: quota' }]);
    await assert.rejects(deploy(), /apply\.sh' failed \(3\): .*Error: quota/s);
  });
});

describe('a roll-back', () => {
  const revision = (name: string, of: string, at: string) => ({
    metadata: { name, creationTimestamp: at, labels: { 'serving.knative.dev/service': of } },
  });
  const revisions: FakeAnswer = {
    when: /run revisions list/,
    prints: JSON.stringify([
      revision('health-r0', 'health', '2026-01-01T00:00:00Z'),
      revision('health-r1', 'health', '2026-01-02T00:00:00Z'),
      revision('runs-r1', 'runs', '2026-01-02T00:00:00Z'),
      revision('runs-r0', 'runs', '2026-01-01T00:00:00Z'),
    ]),
  };
  function bench(answers: readonly FakeAnswer[], to?: string) {
    const { run, calls } = use([...answers, ...healthy]);
    const said: string[] = [];
    const changed = () =>
      calls().flatMap((call) => /update-traffic (\S+) .*--to-revisions=(\S+)/.exec(call)?.slice(1) ?? []);
    const back = () =>
      rollback({ project: 'demo', region: 'us-central1', to, run, say: (line) => void said.push(line) });
    return { back, said, changed };
  }

  it('gives all requests to the revisions from before, of every function', async () => {
    const { back, changed } = bench([revisions]);
    assert.equal(await back(), 0);
    assert.deepEqual(changed(), ['health', 'health-r0=100', 'runs', 'runs-r0=100']);
  });

  it('goes to a release by its name', async () => {
    const { back, changed } = bench([revisions], 'r1');
    assert.equal(await back(), 0);
    assert.deepEqual(changed(), ['health', 'health-r1=100', 'runs', 'runs-r1=100']);
  });

  it('changes nothing when a function has no such revision', async () => {
    const { back, changed, said } = bench([revisions], 'r9');
    assert.equal(await back(), 1);
    assert.deepEqual(changed(), []);
    assert.match(said.join(''), /nothing is changed: there is no revision of r9 of health, runs/);
  });

  it('refuses a region without anything', async () => {
    const { back } = bench([{ when: /services list/, prints: '[]' }]);
    await assert.rejects(back(), /nothing of virtuoso is deployed in us-central1 of demo/);
  });
});

describe('stable revisions', () => {
  it('are those with most of the requests', () => {
    const traffic = [
      { revisionName: 'runs-r2', percent: 10 },
      { revisionName: 'runs-r1', percent: 90 },
    ];
    const labels = { app: 'virtuoso', 'cloud.googleapis.com/location': 'us-east1' };
    assert.deepEqual(stableRevisions([{ metadata: { name: 'runs', labels }, status: { traffic } }]), {
      'us-east1/runs': 'runs-r1',
    });
  });
});
