import { html, type Markup } from '../../../shared/reports/markup.ts';
import type { Answer, Visit } from './visit.ts';

/** The page around what a route answers. */
export function renderPage(answer: Answer, visit: Visit): string {
  const title = answer.title ?? 'Corner Shop';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === 'Corner Shop' ? title : `${title} · Corner Shop`}</title>
<link rel="icon" href="/images/favicon.svg">
<link rel="stylesheet" href="/assets/base.css">
<link rel="stylesheet" href="/assets/shop.css">
<script src="/assets/shop.js" defer></script>
</head>
<body class="${answer.bare ? 'bare' : 'shop'}">
${answer.bare ? answer.body : [header(visit), html`<main id="content">${answer.body}</main>`, footer, shortcuts]}
</body>
</html>
`.text;
}

function header(visit: Visit): Markup {
  const count = visit.cart.reduce((sum, line) => sum + line.quantity, 0);
  return html`<header class="bar">
<a class="logo" href="/">Corner Shop</a>
<nav aria-label="Main">
<ul>
<li class="menu"><a href="/search" aria-haspopup="true">Products</a><ul class="submenu"><li><a href="/search?category=Coffee">Coffee</a></li><li><a href="/search?category=Tea">Tea</a></li><li><a href="/search?category=Table">Table</a></li></ul></li>
<li><a href="/prices">Prices</a></li>
</ul>
</nav>
<form class="find" role="search" action="/search"><label class="unseen" for="q">Search the shop</label><input id="q" name="q" type="search" placeholder="Search the shop" value="${visit.url.searchParams.get('q') ?? ''}"><button>Search</button></form>
${
  visit.customer
    ? html`<form class="account" method="post" action="/logout"><span class="greeting">Hello, ${visit.customer}</span><button class="plain">Log out</button></form>`
    : html`<a href="/login">Sign in</a>`
}
<a class="cart-link" href="/cart" data-testid="cart-link">Cart <span id="cart-count">${count}</span></a>
</header>`;
}

const footer = html`<footer>
<p>Corner Shop sells nothing: it is a place to try browser tests on.</p>
<p><a href="/terms" target="_blank">Terms and conditions</a> · <a href="#content">Back to top</a> · Press <kbd>?</kbd> for shortcuts</p>
</footer>`;

const shortcuts = html`<dialog id="shortcuts" aria-labelledby="shortcuts-title"><h2 id="shortcuts-title">Keyboard shortcuts</h2><dl><dt><kbd>/</kbd></dt><dd>Search</dd><dt><kbd>g</kbd> <kbd>c</kbd></dt><dd>Go to the cart</dd><dt><kbd>?</kbd></dt><dd>These shortcuts</dd></dl><form method="dialog"><button>Close</button></form></dialog>`;
