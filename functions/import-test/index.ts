import { defineFunction } from '../../shared/define/function.ts';
import { onObject } from '../../shared/define/trigger.ts';
import { runs } from '../../shared/domain/runs.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { publisher } from '../../shared/events/publish.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { testsBucket } from '../../shared/resources/buckets.ts';
import { importTest as handle } from './handler.ts';

export const importTest = defineFunction({
  name: 'import-test',
  summary: 'Reads a test file that has landed in the bucket and stores its definition or its diagnostics.',
  trigger: onObject(testsBucket, 'finalized'),
  services: {
    files: objectStore(testsBucket, 'read'),
    tests,
    suites,
    runs,
    events: publisher('test.imported', 'test.rejected'),
  },
  handle,
});
