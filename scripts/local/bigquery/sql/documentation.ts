import { readFile, writeFile } from 'node:fs/promises';
import { ORDERS } from './examples.ts';
import { type Section, supportedSql } from './supported.ts';

const page = new URL('../SUPPORTED_SQL.md', import.meta.url);

/** The page that lists the supported SQL, as Markdown: a table a section. */
export function supportedMarkdown(sections: readonly Section[] = supportedSql()): string {
  const head = `# The SQL that the local BigQuery runs

This list is closed: what is not on it is refused with \`UNIMPLEMENTED\` and the form's name, never ignored. It is written
from the tables that the readers of SQL use, and every example is run by a test. The examples read this table:

\`\`\`sql
${ORDERS}
\`\`\``;
  return `${[head, ...sections.map(table)].join('\n\n')}\n`;
}

function table({ title, entries }: Section): string {
  const rows = entries.map(({ name, example }) => `| ${code(name)} | ${code(example)} |`);
  return [`## ${title}`, '', '| Form | Example |', '| --- | --- |', ...rows].join('\n');
}

/** Text as code in a cell of a table, where a bar and a backtick would end it. */
function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}

if (import.meta.main) {
  const wanted = supportedMarkdown();
  const found = await readFile(page, 'utf8').catch(() => '');
  if (found !== wanted && process.argv.includes('--check')) {
    console.error('SUPPORTED_SQL.md is not what the readers of SQL support: run `npm run fix`.');
    process.exitCode = 1;
  } else await writeFile(page, wanted);
}
