import { spawn } from 'node:child_process';

/** What came of a command. */
export interface Outcome {
  /** 127 when there is no such command. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** What the command reads. */
  readonly input?: string;
  /** More variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether what it prints is shown while it runs. */
  readonly shown?: boolean;
}

/** Runs a command of this machine. Never throws. */
export type RunTool = (command: string, args: readonly string[], options?: CommandOptions) => Promise<Outcome>;

/**
 * @param options.environment of every command; its PATH says where they are.
 * @param options.show takes what commands print that are to be seen
 */
export function createTools({
  cwd,
  environment,
  show,
}: {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  show(text: string): void;
}): RunTool {
  return (command, args, { input, environment: more, shown = false } = {}) =>
    new Promise((resolve) => {
      const child = spawn(command, [...args], { cwd, env: { ...environment, ...more }, stdio: 'pipe' });
      const out = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (text: string) => {
          out[name] += text;
          if (shown) show(text);
        });
      child.stdin.on('error', () => {});
      child.stdin.end(input ?? '');
      child.on('error', (error) => resolve({ ...out, code: 127, stderr: error.message }));
      child.on('close', (code) => resolve({ ...out, code: code ?? 1 }));
    });
}

/** A command that has failed, with its words. */
export class ToolError extends Error {}

/** Runs a command that must succeed, and gives what it printed. @throws ToolError */
export async function must(
  run: RunTool,
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code === 0) return stdout.trim();
  const said = (stderr.trim() || stdout.trim()).split('\n').slice(-5).join('\n');
  throw new ToolError(`'${[command, ...args].join(' ')}' failed (${code}): ${said}`);
}
