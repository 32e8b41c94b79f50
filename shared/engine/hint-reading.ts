/** One way of reading a hint: words to look for, and where. */
export interface Reading {
  readonly words: string;
  /** Roles that the element must have one of. */
  readonly roles?: readonly string[];
  /** Selector of the landmark that the element must be in. */
  readonly within?: string;
  /** Words that the part of the page must show, beside its kind: "in the Billing section". */
  readonly withinWords?: string;
}

const roleWords: Readonly<Record<string, readonly string[]>> = {
  button: ['button'],
  link: ['link'],
  field: ['textbox', 'searchbox', 'combobox', 'spinbutton', 'listbox', 'slider'],
  input: ['textbox', 'searchbox', 'combobox', 'spinbutton', 'checkbox', 'radio', 'slider'],
  box: ['textbox', 'searchbox', 'combobox', 'checkbox'],
  textbox: ['textbox', 'searchbox'],
  textarea: ['textbox'],
  checkbox: ['checkbox', 'switch'],
  switch: ['switch', 'checkbox'],
  toggle: ['switch', 'checkbox', 'button'],
  radio: ['radio'],
  'radio button': ['radio'],
  dropdown: ['combobox', 'listbox'],
  select: ['combobox', 'listbox'],
  list: ['list', 'listbox', 'combobox'],
  option: ['option', 'menuitem'],
  tab: ['tab'],
  heading: ['heading'],
  title: ['heading'],
  image: ['img'],
  icon: ['img', 'button', 'link'],
  picture: ['img'],
  menu: ['menu', 'button'],
  'menu item': ['menuitem', 'menuitemcheckbox', 'menuitemradio', 'link', 'button'],
};

const places: Readonly<Record<string, string>> = {
  header: 'header, [role=banner]',
  banner: 'header, [role=banner]',
  footer: 'footer, [role=contentinfo]',
  navigation: 'nav, [role=navigation]',
  nav: 'nav, [role=navigation]',
  menu: 'nav, menu, [role=navigation], [role=menu], [role=menubar]',
  main: 'main, [role=main]',
  sidebar: 'aside, [role=complementary]',
  aside: 'aside, [role=complementary]',
  dialog: 'dialog, [role=dialog], [role=alertdialog]',
  modal: 'dialog, [role=dialog], [role=alertdialog]',
  popup: 'dialog, [role=dialog], [role=alertdialog], [popover]',
  form: 'form, [role=form]',
  section: 'section, fieldset, article, [role=region], [role=group], form',
  row: 'tr, [role=row], li',
  card: 'article, li, section, [class*=card]',
  table: 'table, [role=table], [role=grid]',
  item: 'li, [role=listitem], tr, article',
};

/**
 * The ways to read a hint, the plainest first: as it stands, then without the words that name a kind ("… button") and a
 * place ("… in the header"). A name for the place narrows further: "Delete in the Ada row".
 */
export function readHint(hint: string): Reading[] {
  const words = hint.replace(/\s+/g, ' ').trim();
  const place = /^(.+) (?:in|inside|within|on|at|of) (?:the )?(?:(.+) )?(\S+)$/i.exec(words);
  const within = place ? places[(place[3] ?? '').toLowerCase()] : undefined;
  const rest = place && within ? (place[1] ?? '') : words;
  const kind = trailingKind(rest);
  if (!within && !kind) return [{ words }];
  const narrowed = {
    words: kind ? kind.words : rest,
    ...(kind ? { roles: kind.roles } : {}),
    ...(within ? { within } : {}),
    ...(within && place?.[2] ? { withinWords: place[2] } : {}),
  };
  return [{ words }, narrowed];
}

function trailingKind(words: string): { words: string; roles: readonly string[] } | undefined {
  const match = /^(?:the )?(.+?) (radio button|menu item|\S+)$/i.exec(words);
  const roles = roleWords[(match?.[2] ?? '').toLowerCase()];
  return match && roles ? { words: match[1] ?? '', roles } : undefined;
}
