import { invalid } from './errors.ts';

/** How a CSV file is written. */
export interface CsvOptions {
  readonly delimiter: string;
  readonly quote: string;
  readonly newlines: boolean;
}

/** A value of a CSV file; quoted ones are never NULL. */
export interface CsvValue {
  readonly text: string;
  readonly quoted: boolean;
}

/** Reads the lines of a CSV file (RFC 4180). Empty lines are skipped. @throws HttpError invalid for an unclosed quote */
export function readCsv(text: string, { delimiter, quote, newlines }: CsvOptions): CsvValue[][] {
  const lines: CsvValue[][] = [];
  let line: CsvValue[] = [];
  let offset = 0;
  while (offset < text.length) {
    const value =
      quote !== '' && text.startsWith(quote, offset)
        ? readQuoted(text, offset, quote)
        : readPlain(text, offset, delimiter);
    if (value.quoted && !newlines && value.text.includes('\n')) {
      throw invalid('Error while reading data: a quoted value holds a newline (set allowQuotedNewlines).');
    }
    line.push({ text: value.text, quoted: value.quoted });
    offset = value.end;
    if (text.startsWith(delimiter, offset)) {
      offset += delimiter.length;
      if (offset < text.length && text[offset] !== '\n' && text[offset] !== '\r') continue;
      line.push({ text: '', quoted: false });
    }
    const end = /^\r?\n/.exec(text.slice(offset, offset + 2))?.[0].length ?? 0;
    if (end === 0 && offset < text.length)
      throw invalid(`Error while reading data: unexpected text after a quoted value in line ${lines.length + 1}.`);
    offset += end;
    if (line.length > 1 || line[0]?.text !== '' || line[0].quoted) lines.push(line);
    line = [];
  }
  return lines;
}

function readQuoted(text: string, start: number, quote: string): CsvValue & { end: number } {
  let value = '';
  let offset = start + 1;
  for (;;) {
    const close = text.indexOf(quote, offset);
    if (close < 0) throw invalid('Error while reading data: a quoted value is not closed.');
    value += text.slice(offset, close);
    offset = close + 1;
    if (!text.startsWith(quote, offset)) return { text: value, quoted: true, end: offset };
    value += quote;
    offset++;
  }
}

function readPlain(text: string, start: number, delimiter: string): CsvValue & { end: number } {
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r' && !text.startsWith(delimiter, end)) end++;
  return { text: text.slice(start, end), quoted: false, end };
}
