import type { Problem } from '../../schemas/contract.ts';
import { nearest } from '../../schemas/problems.ts';
import type { Step } from '../../schemas/step.ts';
import { commandContracts } from '../../shared/commands/contracts.ts';
import { innerLists } from '../../shared/domain/inner-steps.ts';
import { conditionProblems } from '../../shared/test-files/check-conditions.ts';

/** What is wrong with a step and with those inside it; pointers begin with `base`. */
export function stepProblems(step: unknown, base: string): Problem[] {
  if (typeof step !== 'object' || step === null || Array.isArray(step)) {
    return [{ pointer: base, message: 'must be a step', hint: 'write {"command": "navigate.to", "url": "https://…"}' }];
  }
  const { command } = step as { command?: unknown };
  const names = Object.keys(commandContracts);
  const contract = typeof command === 'string' ? commandContracts[command] : undefined;
  if (typeof command !== 'string' || !contract) {
    const like = nearest(String(command), names);
    const message = command === undefined ? "'command' is required" : `there is no command '${String(command)}'`;
    return [{ pointer: `${base}/command`, message, ...(like ? { hint: `did you mean '${like}'?` } : {}) }];
  }
  const own = [...contract.problems(step), ...conditionProblems(step as Step)];
  return [
    ...own.map((problem) => ({ ...problem, pointer: `${base}${problem.pointer}` })),
    ...innerLists(step as Step).flatMap(([field, steps]) =>
      steps.flatMap((inner, i) => stepProblems(inner, `${base}/${field}/${i}`)),
    ),
  ];
}
