/** A part of the page that a hint names: "in the header", "in the Ada row", "of Ada Lovelace", "at the bottom". */
export interface Place {
  /** Selector of the parts of this kind. */
  readonly selector?: string;
  /** Words that the part shows or is named by. */
  readonly words?: string;
  /** A kind of part that repeats: an element in another one of them is never meant. */
  readonly repeats?: boolean;
  /** The kind may be made of anything that shows the words and holds one such element. */
  readonly loose?: boolean;
  /** The one that is farthest to this side of the page. */
  readonly edge?: 'top' | 'bottom' | 'left' | 'right';
}

const HEADER = 'header, [role=banner], [class*=navbar i], [class*=appbar i], [class*=app-bar i], [class*=topbar i]';

const landmarks: Readonly<Record<string, string>> = {
  header: HEADER,
  banner: HEADER,
  footer: 'footer, [role=contentinfo]',
  navigation: 'nav, [role=navigation]',
  nav: 'nav, [role=navigation]',
  breadcrumb: 'nav[aria-label*=breadcrumb i], [class*=breadcrumb i]',
  toolbar: '[role=toolbar]',
  menu: 'nav, menu, [role=navigation], [role=menu], [role=menubar]',
  main: 'main, [role=main]',
  sidebar: 'aside, [role=complementary]',
  aside: 'aside, [role=complementary]',
  dialog: 'dialog, [role=dialog], [role=alertdialog]',
  modal: 'dialog, [role=dialog], [role=alertdialog]',
  alert: '[role=alert], [role=status], [role=log], [class*=alert i]',
  notification:
    '[role=alert], [role=status], [role=log], [class*=notification i], [class*=toast i], [class*=snackbar i]',
  popup: 'dialog, [role=dialog], [role=alertdialog], [popover]',
};

const regions: Readonly<Record<string, string>> = {
  form: 'form, [role=form], [role=search]',
  section: 'section, fieldset, article, [role=region], [role=group], form',
  group: 'fieldset, [role=group], [role=radiogroup]',
  column: 'section, [role=region], [role=list], [class*=column i]',
  panel: '[role=tabpanel], [role=region], section, [class*=panel]',
  table: 'table, [role=table], [role=grid]',
  list: 'ul, ol, menu, [role=list], [role=listbox]',
};

const repeating: Readonly<Record<string, string>> = {
  row: 'tr, [role=row], li, [role=listitem]',
  card: 'article, li, [role=listitem], section, [class*=card i]',
  item: 'li, [role=listitem], [role=option], tr, [role=row], article',
  article: 'article, [role=article]',
};

const kinds = [...Object.keys(landmarks), ...Object.keys(regions), ...Object.keys(repeating)].join('|');
const kindLast = new RegExp(`^(?:(.+) )?(${kinds})$`, 'i');
const kindFirst = new RegExp(`^(${kinds}) (?:(?:with|containing|for|of|named|called|that says) )?(.+)$`, 'i');

/**
 * The ways to read what follows a preposition; none when it is no place. Without a word for a kind it is one only after
 * a preposition that relates two things, or with an article: "in the Billing address", but not "All in one".
 */
export function readPlace(phrase: string, preposition: string): Place[] {
  const rest = phrase.replace(/^(the|a|an) /i, '');
  const edge = /^(?:very )?(top|bottom|left|right)(?: side| edge)?(?: of (?:the )?page)?$/i.exec(rest)?.[1];
  if (edge) return [{ edge: edge.toLowerCase() as 'top' }];
  const last = kindLast.exec(rest);
  const first = last ? undefined : kindFirst.exec(rest);
  const kind = last ? ofKind(last[2] ?? '', last[1]) : ofKind(first?.[1] ?? '', first?.[2]);
  const relates = /^(of|for|from|next to|beside|near|under|below|beneath)$/.test(preposition);
  const thing = relates || (rest !== phrase && !kind) ? [{ words: unquoted(rest), loose: true }] : [];
  return kind ? [kind, ...thing] : thing;
}

function ofKind(name: string, words: string | undefined): Place | undefined {
  const kind = name.toLowerCase();
  const named = words === undefined ? {} : { words: unquoted(words) };
  const landmark = landmarks[kind];
  if (landmark) return { selector: landmark, ...named, ...(words === undefined ? {} : { loose: true }) };
  const region = regions[kind];
  if (region) return { selector: region, ...named, loose: true };
  const selector = repeating[kind];
  return selector === undefined ? undefined : { selector, ...named, loose: true, repeats: true };
}

const unquoted = (words: string): string => words.replace(/^["'“‘«](.+)["'”’»]$/, '$1');
