import type { BenchPage } from '../bench-page.ts';

/** One word in a heading, a tab, a button, a paragraph and a longer phrase. */
export const account: BenchPage = {
  name: 'account',
  group: 'repeated words',
  html: `<!doctype html><title>Account</title>
<h1 id="h">Account</h1><p id="p">Your account was created in 2020. Save changes often.</p>
<div role="tablist"><button role="tab" id="t-acc" aria-selected="true">Account</button><button role="tab" id="t-bill">Billing</button></div>
<section id="bill"><h2 id="h-bill">Billing</h2><button id="save">Save</button><button id="save-all">Save all changes</button><button id="saved" disabled>Saved</button></section>
<a id="del" href="#">Delete account</a><div id="div" onclick="1">Delete account data</div>
<button id="sub">Submit</button><span id="note">Submit your answer by clicking Submit</span>
<button id="log-in">Log in</button><button id="log-in-g">Log in with Google</button>
<p>Price: <b id="price">10 €</b></p><p>Price with tax: <b id="tax">12 €</b></p>`,
  cases: [
    ['Account', '#t-acc'],
    ['Account tab', '#t-acc'],
    ['Account heading', '#h', 'read'],
    ['Billing', '#t-bill'],
    ['Billing heading', '#h-bill', 'read'],
    ['Save', '#save'],
    ['Save all', '#save-all'],
    ['Saved', '#saved'],
    ['save button', '#save'],
    ['Delete account', '#del'],
    ['Delete account data', '#div'],
    ['Submit', '#sub'],
    ['Submit your answer', '#note', 'read'],
    ['Log in', '#log-in'],
    ['Log in with Google', '#log-in-g'],
    ['Google', '#log-in-g'],
    ['with Google', '#log-in-g'],
    ['10 €', '#price', 'read'],
    ['Your account was created', '#p', 'read'],
    ['Delete', 'ambiguous'],
  ],
};

/** Hidden doubles: a mobile menu beside the desktop one, a template, an inactive panel. */
export const responsive: BenchPage = {
  name: 'responsive',
  group: 'hidden duplicates',
  html: `<!doctype html><title>Shop</title><style>.mobile{display:none}.inv{visibility:hidden}.zero{width:0;height:0;overflow:hidden;display:inline-block}</style>
<nav class="mobile"><a id="m-shop" href="/s">Shop</a><a id="m-about" href="/a">About us</a><button id="m-menu">Menu</button></nav>
<nav><a id="d-shop" href="/s">Shop</a><a id="d-about" href="/a">About us</a></nav>
<div role="tabpanel" hidden><button id="x-next">Next</button><label>Name <input id="x-name"></label></div>
<div role="tabpanel"><button id="next">Next step</button><label>Name <input id="name"></label></div>
<button id="v-buy" class="inv">Buy now</button><button id="buy">Buy now</button>
<template><button id="tpl">Remove</button></template>
<select id="sel" class="mobile" aria-label="Language"><option>English</option></select><button id="lang" aria-haspopup="listbox">Language</button>
<details><summary id="more">More</summary><button id="in-details">Export</button></details><button id="exp">Export as PDF</button>
<span class="zero"><button id="z">Checkout</button></span><a id="check" href="/c">Checkout</a>`,
  cases: [
    ['Shop', '#d-shop'],
    ['About us', '#d-about'],
    ['About us link', '#d-about'],
    ['Shop in the navigation', '#d-shop'],
    ['Next', '#next'],
    ['Name', '#name', 'field'],
    ['Buy now', '#buy'],
    ['Language', '#lang'],
    ['More', '#more'],
    ['Export', '#exp'],
    ['Remove', 'none'],
    ['Checkout', '#check'],
    ['Menu', '#m-menu'],
  ],
};
