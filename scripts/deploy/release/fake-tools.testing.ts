import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PROJECT } from '../build.ts';
import { createTools, type RunTool } from './tools.ts';

/** What a fake tool answers to commands that its pattern matches: the first of the list that does. */
export interface FakeAnswer {
  /** Of the whole command: `gcloud auth list …`. */
  readonly when: RegExp;
  readonly prints?: string;
  /** 0 when absent. */
  readonly code?: number;
}

/** Tools in a folder of their own, first on the PATH, that write down how they are called. */
export interface FakeTools {
  readonly run: RunTool;
  /** A folder that looks like the project, for what is written on the way. */
  readonly folder: string;
  /** How they were called, in order. */
  calls(): string[];
  close(): void;
}

/** @param names of the tools that there are */
export function fakeTools(names: readonly string[], answers: readonly FakeAnswer[]): FakeTools {
  const root = mkdtempSync(join(tmpdir(), 'virtuoso-tools-'));
  const bin = join(root, 'bin');
  const log = join(root, 'calls.log');
  mkdirSync(bin);
  writeFileSync(log, '');
  const branches = answers.map(({ when, prints = '', code = 0 }, index) => {
    writeFileSync(join(root, `${index}.txt`), prints);
    writeFileSync(join(root, `${index}.pattern`), when.source);
    return `if printf %s "$call" | grep -Eqf '${root}/${index}.pattern'; then cat '${root}/${index}.txt'; exit ${code}; fi`;
  });
  for (const name of names) {
    const lines = ['#!/bin/sh', `call="${name} $*"`, `printf '%s\\n' "$call" >> '${log}'`, ...branches, 'exit 0', ''];
    writeFileSync(join(bin, name), lines.join('\n'));
    chmodSync(join(bin, name), 0o755);
  }
  const folder = join(root, 'project');
  mkdirSync(join(folder, 'scripts/deploy/terraform'), { recursive: true });
  mkdirSync(join(folder, 'scripts/deploy/pipeline'), { recursive: true });
  for (const script of ['prepare.sh', 'publish.sh', 'apply.sh', 'finish.sh'])
    writeFileSync(
      join(folder, 'scripts/deploy/pipeline', script),
      readFileSync(join(PROJECT, 'scripts/deploy/pipeline', script)),
    );
  return {
    folder,
    run: createTools({ cwd: folder, environment: { PATH: [bin, '/usr/bin', '/bin'].join(delimiter) }, show: () => {} }),
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

const service = (name: string, revision: string) => ({
  metadata: { name, labels: { app: 'virtuoso', 'cloud.googleapis.com/location': 'us-central1' } },
  status: { traffic: [{ revisionName: revision, percent: 100 }] },
});

/** A project in which everything is there, and a release before runs. */
export const healthy: readonly FakeAnswer[] = [
  { when: /^gcloud auth list/, prints: 'ada@example.com\n' },
  { when: /^gcloud auth application-default/, prints: 'token\n' },
  { when: /^gcloud projects describe/, prints: 'demo\n' },
  { when: /^gcloud billing projects describe/, prints: 'True\n' },
  {
    when: /^gcloud services list/,
    prints: ['artifactregistry', 'cloudresourcemanager', 'iam', 'run', 'serviceusage', 'storage']
      .map((name) => `${name}.googleapis.com\n`)
      .join(''),
  },
  { when: /^gcloud projects get-iam-policy/, prints: 'roles/owner\n' },
  {
    when: /^gcloud run services list/,
    prints: JSON.stringify([
      service('health', 'health-r1'),
      service('runs', 'runs-r1'),
      { metadata: { name: 'of-somebody-else' } },
    ]),
  },
  { when: /^gcloud secrets versions list/, prints: '1\n' },
  { when: /^gcloud secrets versions access/, prints: 'vrt_key' },
  {
    when: /^docker inspect .*\/(\w+):/,
    prints: ['health', 'runs']
      .map((name) => `us-docker.pkg.dev/demo/virtuoso/${name}@sha256:${'a'.repeat(64)}\n`)
      .join(''),
  },
  { when: /^terraform state list/, prints: 'google_artifact_registry_repository.images\n' },
  { when: /^terraform output -raw event_subscriptions/, prints: 'sub-1 sub-2' },
  { when: /^terraform .*output -raw url/, prints: 'https://api.example.com' },
  { when: /^terraform .*output -raw address/, prints: '203.0.113.7' },
];
