import { html, type Markup } from '../../../../shared/reports/markup.ts';
import { addLine, type CartLine, couponPercent, linePrice, type Totals, totalsOf, writeCart } from '../cart.ts';
import { findProduct, formatPrice } from '../products.ts';
import type { Answer, Visit } from '../visit.ts';

/** The cart, with what it costs. */
export function cartPage(visit: Visit, problem?: string): Answer {
  const { cart, coupon } = visit;
  if (cart.length === 0)
    return {
      title: 'Your cart',
      body: html`<h1>Your cart</h1><p class="empty">Your cart is empty.</p><a class="button" href="/">Continue shopping</a>`,
    };
  return {
    title: 'Your cart',
    ...(problem ? { status: 422 } : {}),
    body: html`<h1>Your cart</h1>${problem && html`<p class="problem" role="alert">${problem}</p>`}
${cartTable(cart, true)}
${totalsList(totalsOf(cart, coupon), coupon)}
<p class="actions"><a class="button" href="/checkout">Check out</a>
<button type="button" class="plain" data-prompt="Your coupon code:" data-form="coupon-form">Redeem a coupon</button>
<button type="button" class="plain" data-alert="We deliver on weekdays, from 9 to 17.">Delivery times</button>
<button type="button" class="plain" data-confirm="Really empty the cart?" data-form="empty-form">Empty the cart</button></p>
<form id="coupon-form" method="post" action="/cart/coupon" hidden><input type="hidden" name="code"></form>
<form id="empty-form" method="post" action="/cart/empty" hidden></form>`,
  };
}

/** Puts a product into the cart. */
export function addToCart(visit: Visit): Answer {
  const product = findProduct(visit.form.get('product') ?? '');
  const quantity = Number(visit.form.get('quantity') ?? '1');
  const size = product?.sizes.find(({ name }) => name === visit.form.get('size')) ?? product?.sizes[0];
  const colour = product?.colours.find((name) => name === visit.form.get('colour')) ?? product?.colours[0];
  if (!product || !size || !colour) return cartPage(visit, 'There is no such product.');
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 20)
    return {
      status: 422,
      title: product.name,
      body: html`<h1>${product.name}</h1><p class="problem" role="alert">Choose a quantity from 1 to 20.</p><a class="button" href="/products/${product.slug}">Back</a>`,
    };
  const line: CartLine = { product, size: size.name, colour, quantity, giftWrap: visit.form.get('wrap') === 'yes' };
  return { redirect: '/cart', cookies: { cart: writeCart(addLine(visit.cart, line)) } };
}

export function removeFromCart(visit: Visit): Answer {
  const index = Number(visit.form.get('line'));
  return { redirect: '/cart', cookies: { cart: writeCart(visit.cart.filter((_, at) => at !== index)) } };
}

export function redeemCoupon(visit: Visit): Answer {
  const code = (visit.form.get('code') ?? '').trim().toUpperCase();
  if (couponPercent(code) === undefined) return cartPage(visit, `The coupon “${code}” is not valid.`);
  return { redirect: '/cart', cookies: { coupon: code } };
}

/** The lines of a cart; with buttons to remove them where it is the cart's own page. */
export function cartTable(lines: readonly CartLine[], removable: boolean): Markup {
  return html`<table class="lines"><thead><tr><th scope="col">Product</th><th scope="col">Quantity</th><th scope="col">Price</th>${removable && html`<th scope="col"><span class="unseen">Remove</span></th>`}</tr></thead><tbody>${lines.map(
    (line, index) =>
      html`<tr class="line"><th scope="row">${line.product.name}<small>${line.size}, ${line.colour}${line.giftWrap && ', gift-wrapped'}</small></th><td class="number quantity">${line.quantity}</td><td class="number line-price">${formatPrice(linePrice(line))}</td>${removable && html`<td><form method="post" action="/cart/remove"><button class="plain" name="line" value="${index}" aria-label="Remove ${line.product.name}">✕</button></form></td>`}</tr>`,
  )}</tbody></table>`;
}

/** What a cart costs. */
export function totalsList(totals: Totals, coupon: string | undefined, delivered = false): Markup {
  return html`<dl class="sums"><div><dt>Goods</dt><dd id="goods">${formatPrice(totals.goods)}</dd></div>${totals.discount > 0 && html`<div><dt>Coupon ${coupon}</dt><dd id="discount">− ${formatPrice(totals.discount)}</dd></div>`}${delivered && html`<div><dt>Delivery</dt><dd id="delivery-price">${formatPrice(totals.delivery)}</dd></div>`}<div class="sum"><dt>Total</dt><dd id="total" data-testid="total">${formatPrice(totals.total)}</dd></div></dl>`;
}
