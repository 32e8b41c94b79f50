import type { BenchPage } from '../bench-page.ts';
import { board } from './board.ts';
import { booking } from './booking.ts';
import { confirmDelete, layers } from './dialogs.ts';
import { search, signUp } from './forms.ts';
import { toolbar } from './icons.ts';
import { portal } from './landmarks.ts';
import { german, scripts } from './languages.ts';
import { longList, shop } from './lists-and-cards.ts';
import { mail } from './mail.ts';
import { widgets } from './patterns.ts';
import { account, responsive } from './repeated-words.ts';
import { components, inside, outside } from './shadow-and-frames.ts';
import { grid, users } from './tables.ts';

/** The pages that are written here, without any library. */
export const ownPages: readonly BenchPage[] = [
  signUp,
  search,
  users,
  grid,
  confirmDelete,
  layers,
  portal,
  toolbar,
  account,
  responsive,
  components,
  outside,
  inside,
  german,
  scripts,
  shop,
  longList,
  widgets,
  mail,
  booking,
  board,
];
