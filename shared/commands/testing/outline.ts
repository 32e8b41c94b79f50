import type { StepResult } from '../../../schemas/step.ts';

/**
 * Results as short lines, indented by their depth: `if passed`, `  then.0 click failed, caught`. Iterations follow a
 * hash: `  steps.0#2 log passed`.
 */
export function outline(results: readonly StepResult[]): string[] {
  return results.map(({ command, status, path = [], iterations = [], spared, inherited }) => {
    const place = path.length > 1 ? `${path.slice(-2).join('.')}${iterations.map((one) => `#${one}`).join('')} ` : '';
    const more = [inherited ? 'inherited' : '', spared ? `spared by ${spared}` : ''].filter(Boolean);
    const words = [`${place}${command.split('.')[1]} ${status}`, ...more].join(', ');
    return `${'  '.repeat(Math.max(0, (path.length - 1) / 2))}${words}`;
  });
}
