import type { BenchPage } from '../bench-page.ts';

const products = ['Lamp', 'Desk lamp', 'Chair', 'Office chair', 'Table'];

/** Cards of divs, all with the same buttons. */
export const shop: BenchPage = {
  name: 'shop',
  group: 'cards',
  html: `<!doctype html><title>Shop</title><header><a id="cart" href="/cart">Cart (2)</a></header><h1>Products</h1><div class="grid">
${products
  .map(
    (name, i) =>
      `<div class="product-card" id="card${i}"><img src="data:," alt="${name}" width="20" height="20" id="img${i}"><h3 id="name${i}"><a id="link${i}" href="/p/${i}">${name}</a></h3><p class="price" id="price${i}">${i * 10 + 5}.00 €</p>
<label>Quantity <input type="number" value="1" id="qty${i}"></label><button id="add${i}" class="add">Add to cart</button><button id="wish${i}" aria-label="Add to wish list">♡</button></div>`,
  )
  .join(
    '',
  )}</div><aside><div class="product-card" id="ad"><h3>Offer of the day</h3><button id="ad-add">Add to cart</button></div></aside>`,
  cases: [
    ['Add to cart in the Chair card', '#add2'],
    ['Add to cart in the Office chair card', '#add3'],
    ['Add to cart in the Lamp card', '#add0'],
    ['Add to cart button in the Desk lamp card', '#add1'],
    ['Add to cart for Table', '#add4'],
    ['Add to cart of the Table', '#add4'],
    ['Add to cart next to Table', '#add4'],
    ['Add to cart in the sidebar', '#ad-add'],
    ['Add to cart in the Offer of the day card', '#ad-add'],
    ['Add to cart', 'ambiguous'],
    ['Add to wish list in the Table card', '#wish4'],
    ['Quantity in the Office chair card', '#qty3', 'field'],
    ['Table', '#link4'],
    ['Chair', '#link2'],
    ['Office chair', '#link3'],
    ['Table link', '#link4'],
    ['Table image', '#img4', 'read'],
    ['Cart', '#cart'],
    ['45.00 €', '#price4', 'read'],
    ['Add to cart in the Sofa card', 'none'],
    ['first Add to cart', '#add0'],
    ['2nd Add to cart button', '#add1'],
    ['last Add to cart', '#ad-add'],
    [{ hint: 'Add to cart', nth: 2 }, '#add2'],
  ],
};

/** Two hundred entries, of which one is meant. */
export const longList: BenchPage = {
  name: 'long-list',
  group: 'long lists',
  html: `<!doctype html><title>Messages</title><h1>Inbox</h1><input aria-label="Filter" id="filter"><ul id="list">
${Array.from(
  { length: 200 },
  (_, i) =>
    `<li id="m${i}"><a id="a${i}" href="#${i}">Message ${i}</a> <span>from sender-${i}@example.com</span> <button id="s${i}" aria-label="Star">☆</button></li>`,
).join('')}</ul><button id="more">Load more</button>`,
  cases: [
    ['Message 17', '#a17'],
    ['Message 199', '#a199'],
    ['Message 1', '#a1'],
    ['Star in the Message 42 row', '#s42'],
    ['Star in the Message 1 item', '#s1'],
    ['Star in the sender-150@example.com row', '#s150'],
    ['Star', 'ambiguous'],
    ['Message', 'ambiguous'],
    ['Load more', '#more'],
    ['Filter', '#filter', 'field'],
    ['Message 200', 'none'],
    ['last Message', '#a199'],
    ['Message 150 link', '#a150'],
  ],
};
