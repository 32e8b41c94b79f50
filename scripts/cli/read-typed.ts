import { parse } from 'yaml';

/** A line that could not be read. */
export class TypedError extends Error {}

/**
 * A step as somebody types it: a sentence (`click Log in`), an action of a test file (`t: { Email: ada }`), a mapping
 * (`{ command: interact.click, target: Log in }`), or a command with its fields (`interact.click target: Log in`).
 * @throws TypedError
 */
export function readTyped(line: string): unknown {
  if (line.startsWith('{')) return mapping(line);
  const [, command, fields] = /^([a-z]+\.[a-z]+(?:-[a-z]+)*)(?:\s+(.*))?$/.exec(line) ?? [];
  if (command === undefined) return action(line);
  return { command, ...(fields === undefined ? {} : mapping(fields.startsWith('{') ? fields : `{ ${fields} }`)) };
}

/** An action whose value is a mapping cannot be a sentence; any other line can. */
function action(line: string): unknown {
  return /^[a-z-]+: *[{[]/.test(line) ? mapping(`{ ${line} }`) : line;
}

function mapping(text: string): Record<string, unknown> {
  try {
    return parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new TypedError(`That cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
}
