import type { EnvironmentEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import type { Page } from '../http/lists.ts';
import { derivedId } from '../platform/ids.ts';
import { environmentsCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';

export interface Environments {
  /** @returns undefined when there is none, or when it is somebody else's. */
  getOwned(id: string, userId: string): Promise<EnvironmentEntity | undefined>;
  /** A user's environment of this name. */
  named(name: string, userId: string): Promise<EnvironmentEntity | undefined>;
  list(userId: string, page: Page): Promise<EnvironmentEntity[]>;
  /** Gives undefined, and changes nothing, when the user has one of this name. */
  create(environment: NewEnvironment): Promise<EnvironmentEntity | undefined>;
  /** Changes it without anything in between. Gives undefined when there is none any more. */
  change(
    id: string,
    change: (current: EnvironmentEntity) => Partial<EnvironmentEntity>,
  ): Promise<EnvironmentEntity | undefined>;
  /** `check` may refuse by throwing. */
  delete(id: string, check: (current: EnvironmentEntity) => void): Promise<void>;
}

export type NewEnvironment = Omit<EnvironmentEntity, 'id' | 'created_at' | 'updated_at'>;

/** An environment's id follows from whose it is and what it is called: a name is taken once. */
export const environmentIdOf = (userId: string, name: string): string => derivedId('env', userId, name);

export const environments = defineService([writes(environmentsCollection)], (platform): Environments => {
  const documents = new Documents<EnvironmentEntity>(environmentsCollection, platform);
  const getOwned: Environments['getOwned'] = async (id, userId) => {
    const found = await documents.get(id);
    return found?.user_id === userId ? found : undefined;
  };
  return {
    getOwned,
    named: (name, userId) => getOwned(environmentIdOf(userId, name), userId),
    list: (userId, page) => documents.page(page, (query) => query.where('user_id', '==', userId)),
    async create(environment) {
      const now = documents.now();
      const id = environmentIdOf(environment.user_id, environment.name);
      const stored = { ...environment, id, created_at: now, updated_at: now };
      return (await documents.create(stored)) ? stored : undefined;
    },
    change: (id, change) => documents.change(id, change),
    delete: (id, check) => documents.delete(id, check),
  };
});
