import type { ApiRequest } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { LONGEST_NAME, storedName } from '../../shared/test-files/stored-name.ts';

/** The name that a test file is stored under. @throws AppError invalid-argument for names that lead elsewhere */
export function fileNameOf(request: Pick<ApiRequest<unknown, unknown>, 'query' | 'header'>): string {
  const given = (request.query as Record<string, string>).name ?? request.header('x-file-name') ?? 'test.yaml';
  return checkedNames([{ given, pointer: '/name' }])[0] as string;
}

/** Names as files are stored under. @throws AppError invalid-argument with each name that leads elsewhere */
export function checkedNames(names: readonly { readonly given: string; readonly pointer: string }[]): string[] {
  const stored = names.map(({ given }) => storedName(given));
  const details = names.flatMap(({ given, pointer }, at) => {
    const message = `'${given.slice(0, 100)}' is not a relative path of at most ${LONGEST_NAME} bytes without control characters`;
    return stored[at] === undefined ? [{ pointer, message }] : [];
  });
  if (details.length === 0) return stored as string[];
  const words = details.length === 1 ? 'The file name is not valid.' : `${details.length} file names are not valid.`;
  throw new AppError('invalid-argument', words, { details });
}
