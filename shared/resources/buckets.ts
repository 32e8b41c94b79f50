import { defineBucket } from '../define/resources.ts';

export const testsBucket = defineBucket({
  name: 'virtuoso-tests',
  description: 'Test files and templates.',
  theirs: ['tests/{user}/', 'baselines/{user}/'],
  lifecycle: [{ action: { type: 'Delete' }, condition: { age: 30, matchesPrefix: ['tests/'] } }],
});

export const reportsBucket = defineBucket({
  name: 'virtuoso-reports',
  description: 'Generated reports, and what is learned for suggestions.',
  theirs: ['{run}/', 'exports/{user}/', 'suggestions/{user}/'],
  lifecycle: [{ action: { type: 'SetStorageClass', storageClass: 'COLDLINE' }, condition: { age: 90 } }],
});

export const artifactsBucket = defineBucket({
  name: 'virtuoso-artifacts',
  description: 'Screenshots, traces and session states.',
  theirs: ['{session}/'],
  versioning: true,
  lifecycle: [{ action: { type: 'Delete' }, condition: { numNewerVersions: 10 } }],
});
