import type { BenchPage } from '../bench-page.ts';

/** A dialog over a page that has buttons of the same words. */
export const confirmDelete: BenchPage = {
  name: 'dialog',
  group: 'dialogs',
  html: `<!doctype html><title>Files</title><style>#veil{position:fixed;inset:0;background:#0005}#box{position:fixed;left:200px;top:100px;background:#fff}</style>
<header><h1>Files</h1><button id="page-close" aria-label="Close sidebar">×</button></header>
<main><ul><li>report.pdf <button id="del-1">Delete</button></li><li>photo.jpg <button id="del-2">Delete</button></li></ul><button id="page-cancel">Cancel upload</button></main>
<div id="veil"></div><div role="dialog" aria-modal="true" aria-labelledby="dt" id="box"><h2 id="dt">Delete photo.jpg?</h2><p id="warn">This cannot be undone.</p>
<label><input type="checkbox" id="again"> Don't ask again</label><label>Reason <input id="reason"></label>
<button id="d-cancel">Cancel</button><button id="d-del">Delete</button><button id="d-close" aria-label="Close"><svg width="9" height="9"></svg></button></div>`,
  cases: [
    ['Delete in the dialog', '#d-del'],
    ['Delete button in the dialog', '#d-del'],
    ['Delete button in the modal', '#d-del'],
    ['Delete', '#d-del'],
    ['Delete in the report.pdf row', '#del-1'],
    ['Delete in the photo.jpg item', '#del-2'],
    ['Cancel', '#d-cancel'],
    ['Cancel upload', '#page-cancel'],
    ['Close', '#d-close'],
    ['Close button', '#d-close'],
    ['Close sidebar', '#page-close'],
    ["Don't ask again", '#again', 'choice'],
    ['Reason', '#reason', 'field'],
    ['Delete photo.jpg?', '#dt', 'read'],
    ['This cannot be undone', '#warn', 'read'],
    ['Save in the dialog', 'none'],
  ],
};

/** A native dialog that is closed, a popover that is open, and a drawer off the screen's edge. */
export const layers: BenchPage = {
  name: 'layers',
  group: 'dialogs',
  html: `<!doctype html><title>Layers</title><style>#drawer{visibility:hidden}</style>
<button id="open-settings">Settings</button><button id="save-page">Save</button>
<dialog id="settings"><h2>Settings</h2><button id="save-settings">Save</button><button id="reset">Reset to defaults</button></dialog>
<div id="drawer" role="dialog"><button id="drawer-help">Help</button></div><footer><a id="help" href="/help">Help</a></footer>
<div role="alertdialog" aria-label="Session"><p>Your session ends soon.</p><button id="stay">Stay signed in</button><button id="out">Log out</button></div>
<nav><a id="nav-out" href="/out">Log out</a></nav>`,
  cases: [
    ['Save', '#save-page'],
    ['Settings', '#open-settings'],
    ['Settings button', '#open-settings'],
    ['Help', '#help'],
    ['Help link in the footer', '#help'],
    ['Stay signed in', '#stay'],
    ['Log out in the dialog', '#out'],
    ['Log out in the navigation', '#nav-out'],
    ['Log out', 'ambiguous'],
    ['Log out button', '#out'],
    ['Log out link', '#nav-out'],
  ],
};
