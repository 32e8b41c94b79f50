import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { shelf } from '../../shared/domain/library.ts';
import { storedFiles } from '../../shared/domain/stored-files.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests as testsService } from '../../shared/domain/tests.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { testsBucket } from '../../shared/resources/buckets.ts';
import { exportTest } from './export.ts';
import { deleteTest, listTests, planTest, readTest, uploadTest } from './handler.ts';
import { lookUpFiles } from './lookup.ts';
import { createSuite, deleteSuite, listSuites, patchSuite, readSuite } from './suites.ts';

export const tests = defineFunction({
  name: 'tests',
  summary: 'Stores, plans, lists, exports and deletes tests.',
  trigger: http([
    ...[uploadTest, lookUpFiles, planTest, listTests, readTest, exportTest, deleteTest],
    ...[createSuite, listSuites, readSuite, patchSuite, deleteSuite],
  ]),
  timeoutSeconds: 120,
  services: { tests: testsService, suites, storedFiles, library: shelf, files: objectStore(testsBucket, 'write') },
});
