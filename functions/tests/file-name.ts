import type { ApiRequest } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';

/** In bytes of UTF-8, as Cloud Storage counts. */
const LONGEST_NAME = 500;

/** The name that a test file is stored under. @throws AppError invalid-argument for names that lead elsewhere */
export function fileNameOf(request: Pick<ApiRequest<unknown, unknown>, 'query' | 'header'>): string {
  const given = (request.query as Record<string, string>).name ?? request.header('x-file-name') ?? 'test.yaml';
  const path = given.replaceAll('\\', '/');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const name = parts.join('/');
  const legal = parts.length > 0 && !path.endsWith('/') && !parts.includes('..') && !/\p{Cc}/u.test(name);
  if (legal && Buffer.byteLength(name) <= LONGEST_NAME) return name;
  throw new AppError('invalid-argument', 'The file name is not valid.', {
    details: [
      {
        pointer: '/name',
        message: `'${given.slice(0, 100)}' is not a relative path of at most ${LONGEST_NAME} bytes`,
      },
    ],
  });
}
