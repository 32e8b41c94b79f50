import { html, type Markup } from '../../../../shared/reports/markup.ts';
import { findProduct, formatPrice, type Product, products } from '../products.ts';
import type { Answer, Visit } from '../visit.ts';

/** The first page: the products, what is recommended (it arrives late), the shop's story, the newsletter. */
export function home(): Answer {
  return {
    body: html`<section class="hero"><h1>Good things for the kitchen table</h1><p>Made to be used every day, and sold around the corner.</p><a class="button" href="#products">See what is new</a></section>
<section id="products" aria-labelledby="products-title"><h2 id="products-title">All products</h2>${grid(products)}</section>
<section aria-labelledby="recommended-title"><h2 id="recommended-title">Recommended for you</h2><div id="recommendations" data-delayed="/api/recommendations" aria-live="polite"><p class="waiting">Looking around…</p></div></section>
<section class="story" aria-labelledby="story-title"><h2 id="story-title">Our story</h2>${story.map((paragraph) => html`<p>${paragraph}</p>`)}</section>
<section aria-labelledby="newsletter-title"><h2 id="newsletter-title">Newsletter</h2><iframe id="newsletter" name="newsletter" title="Newsletter" src="/newsletter" loading="eager"></iframe></section>`,
  };
}

/** Products by words, category and highest price. */
export function search({ url }: Visit): Answer {
  const q = (url.searchParams.get('q') ?? '').trim();
  const category = url.searchParams.get('category') ?? '';
  const highest = Number(url.searchParams.get('max') ?? '') || undefined;
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = products.filter((product) => {
    const text = `${product.name} ${product.category} ${product.about}`.toLowerCase();
    const cheapest = product.sizes[0]?.price ?? 0;
    return (
      words.every((word) => text.includes(word)) &&
      (category === '' || product.category === category) &&
      (highest === undefined || cheapest <= highest * 100)
    );
  });
  return {
    title: q ? `Search: ${q}` : 'Products',
    body: html`<h1>${q ? html`Results for “${q}”` : category || 'Products'}</h1>
<form class="filter" action="/search"><input type="hidden" name="q" value="${q}">
<label>Category <select name="category"><option value="">Everything</option>${['Coffee', 'Tea', 'Table'].map((name) => html`<option${name === category && html` selected`}>${name}</option>`)}</select></label>
<label>Highest price <input name="max" type="number" min="0" step="1" value="${highest ?? ''}"></label>
<button>Apply filter</button></form>
<p id="result-count" role="status">${found.length === 1 ? '1 product' : `${found.length} products`}</p>
${found.length > 0 ? grid(found) : html`<p class="empty">Nothing fits. Try fewer words.</p>`}`,
  };
}

/** One product with its options. */
export function productPage(slug: string): Answer | undefined {
  const product = findProduct(slug);
  if (!product) return undefined;
  return {
    title: product.name,
    body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="/search?category=${product.category}">${product.category}</a> › ${product.name}</nav>
<article class="product" data-slug="${product.slug}"><img src="/images/${product.slug}.svg" alt="${product.name}" width="420" height="420">
<form method="post" action="/cart"><h1>${product.name}</h1><p>${product.about}</p><p class="price" data-testid="price">${formatPrice(product.sizes[0]?.price ?? 0)}</p>
<input type="hidden" name="product" value="${product.slug}">
<label>Size <select name="size" id="size">${product.sizes.map((size) => html`<option value="${size.name}" data-price="${formatPrice(size.price)}">${size.name}</option>`)}</select></label>
<fieldset><legend>Colour</legend>${product.colours.map((colour, index) => html`<label><input type="radio" name="colour" value="${colour}"${index === 0 && html` checked`}> ${colour}</label>`)}</fieldset>
<label>Quantity <input name="quantity" type="number" min="1" max="20" value="1"></label>
<label><input type="checkbox" name="wrap" value="yes"> Gift wrap (€ 3.00)</label>
<button class="button">Add to cart</button></form></article>`,
  };
}

/** Every size of every product, in a table. */
export function prices(): Answer {
  const rows = products.flatMap((product) => product.sizes.map((size) => ({ product, size })));
  return {
    title: 'Prices',
    body: html`<h1>Prices</h1><table id="prices"><caption>All prices with tax</caption><thead><tr><th scope="col">Product</th><th scope="col">Size</th><th scope="col">Category</th><th scope="col">Price</th></tr></thead><tbody>${rows.map(
      ({ product, size }) =>
        html`<tr><th scope="row"><a href="/products/${product.slug}">${product.name}</a></th><td>${size.name}</td><td>${product.category}</td><td class="number">${formatPrice(size.price)}</td></tr>`,
    )}</tbody></table>`,
  };
}

function grid(shown: readonly Product[]): Markup {
  return html`<ul class="grid">${shown.map((product) => {
    const price = formatPrice(product.sizes[0]?.price ?? 0);
    return html`<li class="card"><a href="/products/${product.slug}"><img src="/images/${product.slug}.svg" alt="" width="240" height="240"><span class="name">${product.name}</span></a><span class="price">${product.sizes.length > 1 && 'from '}${price}</span></li>`;
  })}</ul>`;
}

const story = [
  'The shop began with one shelf of moka pots and a kettle that was always on.',
  'We ask three things of whatever we sell: that it does its work, that it can be mended, and that it looks as if somebody had thought about it.',
  'Most of it is made within a day’s drive. The towels are woven two streets away, and the mugs come from a potter who answers letters but not the telephone.',
  'There are no sales, only prices. When something gets cheaper to make, it gets cheaper to buy.',
  'Come in when you are near. The coffee is free, and nobody will ask whether they can help you.',
];
