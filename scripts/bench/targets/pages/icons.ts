import type { BenchPage } from '../bench-page.ts';

const svg = '<svg width="16" height="16" aria-hidden="true"><path d="M0 0h16v16z"/></svg>';

/** Buttons without words: named by an attribute, a picture, a hidden text or an icon's class. */
export const toolbar: BenchPage = {
  name: 'icon-toolbar',
  group: 'icon buttons',
  html: `<!doctype html><title>Editor</title><style>.sr-only{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0)}</style>
<div role="toolbar" aria-label="Formatting"><button id="bold" aria-label="Bold">${svg}</button><button id="italic" title="Italic">${svg}</button>
<button id="link"><img src="data:," alt="Insert link" width="9" height="9"></button><button id="undo">${svg}<span class="sr-only">Undo</span></button>
<button id="redo"><svg width="16" height="16" role="img" aria-label="Redo"></svg></button><button id="svgt"><svg width="16" height="16"><title>Print</title></svg></button>
<a id="help" href="/help" aria-label="Help">?</a><button id="tid" data-testid="share-button">${svg}</button><button id="cls" class="btn btn-download">${svg}</button>
<span id="static" role="img" aria-label="Bold preview"></span><button id="menu" aria-haspopup="true" aria-label="More options">⋮</button>
<a id="cart" href="/cart" aria-label="Cart, 3 items">${svg}<span>3</span></a><button id="desc" aria-labelledby="desc-tip">${svg}</button><span role="tooltip" id="desc-tip" hidden>Attach file</span></div>`,
  cases: [
    ['Bold', '#bold'],
    ['Bold button', '#bold'],
    ['Italic', '#italic'],
    ['Insert link', '#link, #link > img'],
    ['Undo', '#undo'],
    ['Undo button', '#undo'],
    ['Redo', '#redo, #redo > svg'],
    ['Redo icon', '#redo, #redo > svg'],
    ['Print', '#svgt, #svgt *'],
    ['Help', '#help'],
    ['share-button', '#tid'],
    ['@share-button', '#tid'],
    ['Share button', '#tid'],
    ['More options', '#menu'],
    ['More options menu', '#menu'],
    ['Cart', '#cart'],
    ['cart link', '#cart'],
    ['Attach file', '#desc'],
    ['.btn-download', '#cls'],
    ['Fullscreen', 'none'],
  ],
};
