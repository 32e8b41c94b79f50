import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { Type } from './type.ts';

/** The commit that a run is for, as a sender outside told of it: what reports and checks of it need. */
export const commit = contract(
  'commit',
  Type.Object({
    sender: Type.Enum(['github', 'gitlab', 'generic']),
    /** `owner/name`, or the path of a project. */
    repository: Type.String({ minLength: 1, maxLength: 300 }),
    sha: Type.String({ pattern: '^[0-9a-fA-F]{7,64}$' }),
    /** Branch or tag: `refs/heads/main`, or a branch's name alone. */
    ref: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    /** Where people look at it. */
    url: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2000 })),
    /** Number of the pull or merge request. */
    pull: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
);
export type Commit = Static<typeof commit.schema>;
