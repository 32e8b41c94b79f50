import type { ApiRequest } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';

const LONGEST_NAME = 500;

/** The name that a test file is stored under. @throws AppError invalid-argument for names that lead elsewhere */
export function fileNameOf(request: ApiRequest<unknown>): string {
  const given = (request.query as Record<string, string>).name ?? request.header('x-file-name') ?? 'test.yaml';
  const name = given.replaceAll('\\', '/').replace(/^\.?\/+/, '');
  const parts = name.split('/');
  const illegal = name === '' || name.length > LONGEST_NAME || parts.includes('..') || /\p{Cc}/u.test(name);
  if (!illegal) return name;
  throw new AppError('invalid-argument', 'The file name is not valid.', {
    details: [
      {
        pointer: '/name',
        message: `'${given.slice(0, 100)}' is not a relative path of at most ${LONGEST_NAME} characters`,
      },
    ],
  });
}
