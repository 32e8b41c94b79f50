import type { TestEntity } from '../../schemas/entities.ts';
import type { ObjectInput } from '../../shared/define/trigger.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import { readStorableTest } from '../../shared/domain/storable-test.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import type { Events } from '../../shared/events/publish.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import { contentHash } from '../../shared/test-files/content-hash.ts';

export interface Services {
  readonly files: ObjectStore;
  readonly tests: Tests;
  readonly runs: Runs;
  readonly events: Events;
}

/** Objects that are tests lie below `tests/{user}/`; a name that ends with a slash is a folder's. */
const TEST_OBJECT = /^tests\/([^/]+)\/(.*[^/])$/;
const MOST_DIAGNOSTICS = 100;

/** Reads a test file that has landed in the bucket, stores what it says, and runs it when its metadata asks for that. */
export async function importTest(object: ObjectInput, services: Services & Base): Promise<void> {
  const [, folder, path] = object.name.match(TEST_OBJECT) ?? [];
  if (!folder || !path) return services.log.info('not a test file: outside tests/{user}/', { object: object.name });
  const userId = object.metadata.owner ?? folder;
  annotate({ user_id: userId });
  const source = await services.files.get(object.name, { generation: object.generation });
  const { form, definition, diagnostics } = readStorableTest(source, { name: path });
  const test = await services.tests.import({
    user_id: userId,
    name: definition?.name ?? path,
    object: { bucket: object.bucket, name: object.name, generation: object.generation },
    form: form ?? null,
    definition: definition ?? null,
    content_hash: definition ? contentHash(definition) : '',
    status: definition ? 'ready' : 'invalid',
    diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS),
    tags: definition?.tags ?? [],
  });
  if (test.object.generation !== object.generation)
    return services.log.info('a newer version was imported before', { test_id: test.id });
  await announce(test, services);
  if (object.metadata.run === 'on-upload' && test.status === 'ready') await startRun(test, object, services);
}

async function announce(test: TestEntity, { events }: Services): Promise<void> {
  const common = { key: [test.id, test.object.generation], subject: `tests/${test.id}`, time: test.updated_at };
  const named = { user_id: test.user_id, test_id: test.id, name: test.name };
  if (test.status === 'ready') {
    const data = { ...named, version: test.version, content_hash: test.content_hash };
    await events.publish([{ ...common, type: 'test.imported', data }]);
  } else {
    await events.publish([{ ...common, type: 'test.rejected', data: { ...named, problems: test.diagnostics.length } }]);
  }
}

async function startRun(test: TestEntity, object: ObjectInput, { runs }: Services): Promise<void> {
  const trace = currentTrace();
  await runs.create({
    id: derivedId('run', object.bucket, object.name, object.generation),
    user_id: test.user_id,
    selection: { tests: [test.id], definitions: [], variables: {} },
    status: 'queued',
    trigger: 'upload',
    totals: emptyTotals,
    ...(trace ? { trace } : {}),
  });
}
