import { basename } from 'node:path';
import { AppError } from '../platform/errors.ts';
import { sendFollowing } from '../platform/follow-redirects.ts';
import type { StepContext } from './step-context.ts';
import { StepError } from './step-error.ts';

/** A file for the page, as Playwright takes it. */
export interface FilePayload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Where a file comes from: exactly one of `url`, `artifact` and `content`. */
export interface FileSource {
  readonly url?: string;
  readonly artifact?: string;
  readonly content?: string;
  readonly encoding?: 'utf8' | 'base64';
  readonly name?: string;
}

/** Bytes of one file, and of all files of a step. Playwright hands over 50 MiB at most. */
export const LARGEST_FILE = 50_000_000;

/** Fetches the files one after the other. @throws StepError */
export async function gatherFiles(sources: readonly FileSource[], context: StepContext): Promise<FilePayload[]> {
  const files: FilePayload[] = [];
  let left = LARGEST_FILE;
  for (const source of sources) {
    const file = await gather(source, left, context);
    if (file.buffer.length > left) throw tooLarge(file.name);
    left -= file.buffer.length;
    files.push(file);
  }
  return files;
}

async function gather(source: FileSource, limit: number, context: StepContext): Promise<FilePayload> {
  if (source.url !== undefined) return await fetched(source, limit, context);
  if (source.artifact !== undefined) return await stored(source, context);
  const name = source.name ?? '';
  return { name, mimeType: typeOf(name), buffer: decoded(source) };
}

async function fetched({ url = '', name }: FileSource, limit: number, context: StepContext): Promise<FilePayload> {
  const request = { method: 'GET', url: context.url(url), headers: {}, largestAnswer: limit + 1 };
  const answer = await sendFollowing(context.outside.send, { ...request, timeoutMs: context.left() }).catch((error) => {
    throw unreachable(error, request.url);
  });
  if (answer.status !== 200) {
    throw new StepError('request-failed', `${request.url} answered ${answer.status}: there is no file to upload`, {
      hint: 'The address must give the file without a login.',
    });
  }
  const called = name ?? (basename(new URL(answer.url).pathname) || 'file');
  const mimeType = answer.headers['content-type']?.split(';')[0]?.trim() || typeOf(called);
  return { name: called, mimeType, buffer: answer.body };
}

async function stored({ artifact = '', name }: FileSource, context: StepContext): Promise<FilePayload> {
  const called = name ?? basename(artifact);
  try {
    return { name: called, mimeType: typeOf(called), buffer: Buffer.from(await context.outside.readFile(artifact)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const refused = error.code === 'permission-denied';
    throw new StepError(refused ? 'refused' : 'file-not-found', error.message, {
      hint: "Name one of your objects in the tests' bucket: tests/{user}/photo.png, or photo.png for short.",
      cause: error,
    });
  }
}

function decoded({ content = '', encoding = 'utf8', name }: FileSource): Buffer {
  if (encoding === 'utf8') return Buffer.from(content, 'utf8');
  const bare = content.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(bare))
    throw new StepError('invalid-value', `the content of '${name}' is not Base64`, {
      hint: 'Leave encoding out for plain text.',
    });
  return Buffer.from(bare, 'base64');
}

/** An error of the network or of the guard, in a step's words. */
export function unreachable(error: unknown, url: string): StepError {
  if (error instanceof StepError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof AppError ? error.code : undefined;
  if (code === 'permission-denied')
    return new StepError('refused', message, { hint: 'Tests reach public addresses only.', cause: error });
  if (code === 'timeout')
    return new StepError('timeout', `${url} did not answer in time`, {
      hint: 'Is it running? Give the step a longer timeoutMs if it may take that long.',
      cause: error,
    });
  return new StepError('request-failed', `${url} could not be reached: ${message}`, {
    hint: 'Check the address, and that the site is running.',
    cause: error,
  });
}

export function tooLarge(name: string): StepError {
  return new StepError('too-large', `with '${name}' the step has more than ${LARGEST_FILE / 1e6} MB of files`, {
    hint: 'Use a smaller file: what pages do with large ones is rarely worth the time in a test.',
  });
}

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gif: 'image/gif',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webp: 'image/webp',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  yaml: 'application/yaml',
  zip: 'application/zip',
};

/** The media type that a file's name stands for. */
export const typeOf = (name: string): string =>
  types[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
