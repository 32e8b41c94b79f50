import type { BenchPage } from '../bench-page.ts';

/** Landmarks in landmarks, with the same links in several. */
export const portal: BenchPage = {
  name: 'portal',
  group: 'landmarks',
  html: `<!doctype html><title>Portal</title>
<header><a id="h-home" href="/">Home</a><nav aria-label="Main"><a id="n-products" href="/p">Products</a><a id="n-contact" href="/c">Contact</a><a id="n-login" href="/l">Log in</a></nav>
<form role="search"><input id="h-search" aria-label="Search"><button id="h-go">Go</button></form></header>
<nav aria-label="Breadcrumb"><a id="b-home" href="/">Home</a><a id="b-products" href="/p">Products</a></nav>
<main><h1>Products</h1>
 <section aria-labelledby="s1"><h2 id="s1">Newest</h2><article><h3 id="lamp">Lamp</h3><header><span>Author</span><button id="follow-1">Follow</button></header><button id="buy-1">Buy</button></article><a id="all-new" href="#">See all</a></section>
 <section aria-labelledby="s2"><h2 id="s2">Popular</h2><article><h3>Chair</h3><button id="buy-2">Buy</button></article><a id="all-pop" href="#">See all</a></section>
 <form id="contact" aria-label="Contact form"><label>Email <input id="c-mail"></label><button id="c-send">Send</button></form>
</main>
<aside aria-label="Newsletter"><form><label>Email <input id="a-mail"></label><button id="a-sub">Subscribe</button></form><a id="a-contact" href="/c">Contact</a></aside>
<footer><a id="f-contact" href="/c">Contact</a><a id="f-imprint" href="/i">Imprint</a><a id="f-login" href="/l">Log in</a></footer>`,
  cases: [
    ['Home in the header', '#h-home'],
    ['Home in the breadcrumb', '#b-home'],
    ['Home', 'ambiguous'],
    ['Products in the main navigation', '#n-products'],
    ['Products in the breadcrumb navigation', '#b-products'],
    ['Contact in the footer', '#f-contact'],
    ['Contact link in the sidebar', '#a-contact'],
    ['Contact in the header', '#n-contact'],
    ['Contact', 'ambiguous'],
    ['Log in link in the header', '#n-login'],
    ['Log in at the bottom', '#f-login'],
    ['Log in in the footer', '#f-login'],
    ['Search in the header', '#h-search', 'field'],
    ['Go', '#h-go'],
    ['Buy in the Newest section', '#buy-1'],
    ['Buy in the Popular section', '#buy-2'],
    ['See all in the Popular section', '#all-pop'],
    ['Buy in the Chair article', '#buy-2'],
    ['Buy', 'ambiguous'],
    ['Follow', '#follow-1'],
    ['Email in the Contact form', '#c-mail', 'field'],
    ['Email in the Newsletter form', '#a-mail', 'field'],
    ['Email field in the sidebar', '#a-mail', 'field'],
    ['Email', 'ambiguous', 'field'],
    ['Subscribe', '#a-sub'],
    ['Send', '#c-send'],
    ['Imprint', '#f-imprint'],
    ['Newest', '#s1', 'read'],
    ['Lamp', '#lamp', 'read'],
  ],
};
