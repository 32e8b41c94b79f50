import type { Diagnostic } from '../../schemas/test-definition.ts';
import { createReport } from './report.ts';

/** Largest test file, in bytes. */
export const LARGEST_FILE = 10 * 1024 * 1024;

/** The text of a file without its byte order mark, or why it is no text that is worth parsing. */
export function decode(source: Uint8Array | string, file: string): { text: string } | { diagnostics: Diagnostic[] } {
  const size = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength;
  if (size > LARGEST_FILE) {
    const message = `the file has more than ${LARGEST_FILE / 1024 / 1024} MiB`;
    return refuse('file-too-large', message, 'Split it into several tests.', '', file);
  }
  const utf16 = typeof source !== 'string' && source.length > 1 && [0xfffe, 0xfeff].includes(word(source));
  if (utf16) return refuse('not-utf-8', 'the file is written in UTF-16', 'Save it as UTF-8.', '', file);
  const text = (typeof source === 'string' ? source : new TextDecoder('utf-8').decode(source)).replace(/^\uFEFF/, '');
  const nul = text.indexOf('\0');
  if (nul >= 0)
    return refuse('binary-file', 'the file holds a NUL byte: it is no text', 'Send YAML or JSON.', text, file, nul);
  const broken = typeof source === 'string' ? -1 : firstBroken(source, text);
  if (broken >= 0)
    return refuse('not-utf-8', 'the file is not valid UTF-8 here', 'Save it as UTF-8.', text, file, broken);
  return { text };
}

const word = (bytes: Uint8Array): number => ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);

/** Offset of the first replacement character that the file itself does not hold, or -1. */
function firstBroken(bytes: Uint8Array, text: string): number {
  let offset = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let from = 0;
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return at;
    offset += 3;
    from = at + 1;
  }
  return -1;
}

function refuse(code: string, message: string, hint: string, text: string, file: string, at = 0) {
  const report = createReport(text, file);
  report.error(code, message, { start: at, end: at }, hint);
  return { diagnostics: [...report.diagnostics] };
}
