const kinds: Readonly<Record<string, readonly string[]>> = {
  button: ['button'],
  link: ['link'],
  field: ['textbox', 'searchbox', 'combobox', 'spinbutton', 'listbox', 'slider'],
  input: ['textbox', 'searchbox', 'combobox', 'spinbutton', 'checkbox', 'radio', 'slider'],
  box: ['textbox', 'searchbox', 'combobox', 'checkbox'],
  textbox: ['textbox', 'searchbox'],
  'text field': ['textbox', 'searchbox'],
  textarea: ['textbox'],
  date: ['textbox', 'combobox', 'button'],
  checkbox: ['checkbox', 'switch'],
  switch: ['switch', 'checkbox'],
  toggle: ['switch', 'checkbox', 'button'],
  radio: ['radio'],
  'radio button': ['radio'],
  slider: ['slider'],
  dropdown: ['combobox', 'listbox', 'button'],
  select: ['combobox', 'listbox'],
  combobox: ['combobox'],
  list: ['list', 'listbox', 'combobox'],
  option: ['option', 'menuitem'],
  tab: ['tab'],
  heading: ['heading'],
  title: ['heading'],
  image: ['img'],
  icon: ['img', 'button', 'link'],
  picture: ['img'],
  menu: ['menu', 'menubar', 'button', 'menuitem', 'combobox'],
  'menu item': ['menuitem', 'menuitemcheckbox', 'menuitemradio', 'link', 'button'],
  frame: ['iframe'],
  iframe: ['iframe'],
  cell: ['cell', 'gridcell'],
  row: ['row'],
  dialog: ['dialog', 'alertdialog'],
  alert: ['alert', 'alertdialog'],
  table: ['table', 'grid'],
  // What these name may be anything.
  label: [],
  text: [],
  element: [],
};

/** Kinds that are also said before the name: "link Help". The others are verbs or parts of names too often. */
const leading = /^(button|link|field|input|checkbox|radio button|dropdown|tab|heading|switch|slider|menu item) (.+)$/i;

interface Kind {
  /** Empty when nothing but the kind is said. */
  readonly words: string;
  /** Empty when it may be any. */
  readonly roles: readonly string[];
}

/** "Save button": the kind of element that the last words name. */
export function kindAtEnd(words: string): Kind | undefined {
  const match = /^(?:(.+?) )?(radio button|menu item|text field|\S+)$/i.exec(words);
  return match ? kind(match[2], match[1]) : undefined;
}

/** "button Save". */
export function kindAtStart(words: string): Kind | undefined {
  const match = leading.exec(words);
  return match ? kind(match[1], match[2]) : undefined;
}

function kind(name = '', words = ''): Kind | undefined {
  const roles = Object.hasOwn(kinds, name.toLowerCase()) ? kinds[name.toLowerCase()] : undefined;
  return roles && { words, roles };
}
