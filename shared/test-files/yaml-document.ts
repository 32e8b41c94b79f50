import { Composer, CST, type Document, Parser } from 'yaml';
import type { Report } from './report.ts';
import { reportSyntax } from './yaml-problems.ts';

/** A test needs about ten levels. What is nested deeper would only use up the parser's stack. */
const DEEPEST = 100;
/** So many tests may stand in a file: they are stored together. */
export const MOST_TESTS = 200;
const options = { prettyErrors: false, uniqueKeys: false, resolveKnownTags: false, logLevel: 'error' } as const;

/** Parses the YAML documents of a file. Undefined, or not to be used, when the report says why. */
export function parseDocuments(text: string, report: Report): Document.Parsed[] | undefined {
  const tokens = [...new Parser().parse(text)];
  const deep = tokens.map(tooDeep).find((offset) => offset !== undefined);
  if (deep !== undefined) {
    report.error(
      'too-deep',
      'the file is nested too deeply',
      { start: deep, end: deep + 1 },
      'A test needs about ten levels.',
    );
    return undefined;
  }
  const documents: Document.Parsed[] = [];
  for (const document of new Composer(options).compose(tokens, true, text.length)) {
    if (!('contents' in document)) continue;
    if (documents.length === MOST_TESTS) {
      const [start = 0] = document.range ?? [];
      report.error('too-many-documents', `the file holds more than ${MOST_TESTS} tests`, { start, end: start });
      return undefined;
    }
    documents.push(document as Document.Parsed);
    reportProblems(document as Document.Parsed, text, report);
  }
  return documents;
}

function reportProblems({ errors, warnings }: Document.Parsed, text: string, report: Report): void {
  reportSyntax(errors, text, report);
  for (const { code, message, pos } of warnings) {
    const [start, end] = pos;
    const [name, hint] =
      code === 'TAG_RESOLVE_FAILED' ? ['unknown-tag', 'Remove the tag, or quote the value.'] : ['yaml-syntax'];
    report.error(name, message.charAt(0).toLowerCase() + message.slice(1), { start, end }, hint);
  }
}

/** The offset of the first collection that is nested too deeply; found without recursion. */
function tooDeep(root: CST.Token): number | undefined {
  const open: [CST.Token, number][] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [token, depth] = next;
    if (depth > DEEPEST) return token.offset;
    if (token.type === 'document' && token.value) open.push([token.value, depth]);
    if (!CST.isCollection(token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push([key, depth + 1]);
      if (value) open.push([value, depth + 1]);
    }
  }
  return undefined;
}
