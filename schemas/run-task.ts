import { Type } from 'typebox';
import { contract } from './contract.ts';

/** A task about a run. */
export const runTask = contract('run-task', Type.Object({ run_id: Type.String() }, { additionalProperties: false }));
