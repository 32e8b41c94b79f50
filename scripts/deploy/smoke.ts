import { parseArgs } from 'node:util';
import { startReceiver } from '../demo/receiver.ts';
import { startCloud } from '../local/cloud.ts';
import { smoke } from './smoke-tests.ts';

// Tests a deployment from outside; without --url, the local cloud:
//   VIRTUOSO_API_KEY=… node scripts/deploy/smoke.ts --url https://api.example.com [--times 5]
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    times: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '120' },
  },
});

async function smokeLocalCloud(): Promise<void> {
  const cloud = await startCloud();
  const receiver = await startReceiver();
  try {
    await smoke({ ...common(), url: cloud.origin, apiKey: cloud.apiKey, receiver });
  } finally {
    await receiver.close();
    await cloud.close();
  }
}

async function smokeDeployment(url: string): Promise<void> {
  const apiKey = process.env.VIRTUOSO_API_KEY;
  if (!apiKey) throw new Error('VIRTUOSO_API_KEY must be the main API key of the deployment.');
  // With a share of requests only, the new revisions are met only now and then.
  for (let time = 0; time < Number(values.times); time++)
    await smoke({ ...common(), url: url.replace(/\/+$/, ''), apiKey });
}

const common = () => ({
  timeoutMs: Number(values.seconds) * 1000,
  passed: (what: string) => console.log(`ok  ${what}`),
});

try {
  await (values.url ? smokeDeployment(values.url) : smokeLocalCloud());
} catch (error) {
  console.error(`not ok  ${(error as Error).message}`);
  process.exitCode = 1;
}
