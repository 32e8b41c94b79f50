import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PROJECT } from './build.ts';
import { needsCloud, readSteps } from './build-steps.ts';

// Runs the steps of a build file that need no cloud on this machine, in their order, as Cloud Build would.
//   node scripts/deploy/run-steps.ts [cloudbuild.yaml] [--only bundles --only smoke-local]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true } },
});

const steps = readSteps(readFileSync(positionals[0] ?? 'cloudbuild.yaml', 'utf8'));
const strange = (values.only ?? []).find((id) => !steps.some((step) => step.id === id));
if (strange) throw new Error(`there is no step '${strange}': there are ${steps.map(({ id }) => id).join(', ')}`);

for (const step of steps) {
  const reason = needsCloud(step);
  if (reason) console.log(`-   ${step.id} is left out: ${reason}`);
  else if (!values.only || values.only.includes(step.id)) {
    const begun = performance.now();
    const { status } = spawnSync('sh', ['-euc', step.script], { cwd: PROJECT, stdio: 'inherit' });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${status === 0 ? 'ok ' : 'not ok '} ${step.id} in ${seconds} s`);
    if (status !== 0) {
      process.exitCode = 1;
      break;
    }
  }
}
