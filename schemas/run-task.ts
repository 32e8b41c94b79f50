import { contract } from './contract.ts';
import { Type } from './type.ts';

/** A task about a run. */
export const runTask = contract('run-task', Type.Object({ run_id: Type.String() }, { additionalProperties: false }));
