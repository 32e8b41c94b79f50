import { compact, simplified } from './forms.ts';
import { type Entry, entryOf, isNothing, kindOf, type Located } from './located.ts';
import { readBlockFile, readBlocks } from './read-blocks.ts';
import { stemOf, takeIn } from './take-in.ts';
import { type Top, textOf } from './top-keys.ts';

const holds = "A file to include holds 'blocks', or a list of steps, which is a block of the file's name.";
const known = ['include', 'blocks', 'do', 'steps'];

/** Reads `include`: a file, or several, whose blocks this file uses. */
export function readInclude(entry: Entry, top: Top): void {
  const { value } = entry;
  for (const item of value.kind === 'list' ? value.items : [value]) {
    const path = textOf({ ...entry, value: item }, top.report);
    const taken = path === undefined ? undefined : takeIn(path, item, top.files, top.report);
    const [root, second] = taken?.roots ?? [];
    if (second) top.report.error('several-documents', `'${path}' holds several documents`, item, holds);
    else if (taken && root) readFile(stemOf(taken.name), root, { ...top, files: taken.files });
  }
}

function readFile(name: string, root: Located, top: Top) {
  const { report } = top;
  if (root.kind === 'list') return readBlockFile(name, root, root, top);
  if (root.kind !== 'mapping')
    return report.error('wrong-value', `a list or a mapping is needed, not ${kindOf(root)}`, root, holds);
  // Steps are read in the words of the form that has the key.
  const form = entryOf(root, 'do') ? compact : entryOf(root, 'steps') ? simplified : top.form;
  for (const entry of root.entries) {
    const { key, at, value } = entry;
    if (key.startsWith('x-')) continue;
    if (!known.includes(key)) report.error('unknown-key', `unknown key '${key}' in a file to include`, at, holds);
    else if (isNothing(value))
      report.error('missing-value', `'${key}' has no value`, at, 'Write a value, or remove the key.');
    else if (key === 'include') readInclude(entry, { ...top, form });
    else if (key === 'blocks') readBlocks(entry, { ...top, form }, true);
    else readBlockFile(name, value, at, { ...top, form });
  }
}
