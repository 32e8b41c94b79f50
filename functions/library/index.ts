import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { library as libraryService } from '../../shared/domain/library.ts';
import { deleteCheckpoint, listLibrary, readCheckpoint, storeCheckpoint } from './handler.ts';

export const library = defineFunction({
  name: 'library',
  summary: 'Stores, lists and deletes the checkpoints that tests use by name.',
  trigger: http([storeCheckpoint, listLibrary, readCheckpoint, deleteCheckpoint]),
  services: { library: libraryService },
});
