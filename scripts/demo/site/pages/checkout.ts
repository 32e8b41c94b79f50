import { html, type Markup } from '../../../../shared/reports/markup.ts';
import { type CartLine, deliveries, type Totals, totalsOf } from '../cart.ts';
import { formatPrice } from '../products.ts';
import type { Answer, Visit } from '../visit.ts';
import { cartTable, totalsList } from './cart-pages.ts';

/** An order that was placed. Money is in cents. */
export interface Order {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly country: string;
  readonly delivery: string;
  readonly payment: string;
  readonly lines: readonly CartLine[];
  readonly coupon: string | undefined;
  readonly totals: Totals;
}

const countries = ['Austria', 'France', 'Germany', 'Italy', 'Switzerland'];
const fields = [
  { name: 'name', label: 'Full name', autocomplete: 'name', check: /\S/, problem: 'Tell us your name.' },
  {
    name: 'email',
    label: 'Email',
    autocomplete: 'email',
    check: /^\S+@\S+\.\S+$/,
    problem: 'Give an email address such as ada@example.com.',
  },
  {
    name: 'address',
    label: 'Street and number',
    autocomplete: 'street-address',
    check: /\S/,
    problem: 'Tell us where to deliver.',
  },
  {
    name: 'postcode',
    label: 'Postcode',
    autocomplete: 'postal-code',
    check: /^\d{4,5}$/,
    problem: 'A postcode has four or five digits.',
  },
] as const;

/** The form to order with; with problems, as it was sent. */
export function checkoutPage(visit: Visit, problems: Record<string, string> = {}): Answer {
  const { cart, coupon, form } = visit;
  if (cart.length === 0) return { redirect: '/cart' };
  const delivery = form.get('delivery') ?? 'Standard';
  const count = Object.keys(problems).length;
  return {
    title: 'Checkout',
    ...(count > 0 ? { status: 422 } : {}),
    body: html`<h1>Checkout</h1>
${count > 0 && html`<div class="problem" role="alert"><p>${count === 1 ? 'One thing is missing:' : `${count} things are missing:`}</p><ul>${Object.values(problems).map((problem) => html`<li>${problem}</li>`)}</ul></div>`}
<div class="columns"><form method="post" action="/checkout" novalidate id="checkout">
${fields.map((field) => html`<label>${field.label} <input name="${field.name}" autocomplete="${field.autocomplete}" value="${form.get(field.name) ?? ''}"${problems[field.name] && html` aria-invalid="true"`}></label>`)}
<label>Country <select name="country">${countries.map((country) => html`<option${country === form.get('country') && html` selected`}>${country}</option>`)}</select></label>
<fieldset><legend>Delivery</legend>${deliveries.map(({ name, price, about }) => html`<label><input type="radio" name="delivery" value="${name}" data-price="${price}"${name === delivery && html` checked`}> ${name} <small>${about}, ${formatPrice(price)}</small></label>`)}</fieldset>
<fieldset><legend>Payment</legend>${payments(form.get('payment') ?? 'Invoice')}<iframe id="card-frame" name="card" title="Card details" src="/payment"></iframe><input type="hidden" name="card" value="${form.get('card') ?? ''}"><p id="card-state" role="status">${form.get('card') && `Card ending in ${form.get('card')}`}</p></fieldset>
<label><input type="checkbox" name="terms" value="yes"${form.get('terms') && html` checked`}> I accept the terms</label>
<label><input type="checkbox" name="news" value="yes" checked> Send me the newsletter</label>
<button class="button">Place order</button></form>
<aside aria-label="Summary"><h2>Summary</h2>${cartTable(cart, false)}${totalsList(totalsOf(cart, coupon, delivery), coupon, true)}</aside></div>`,
  };
}

function payments(chosen: string): Markup {
  return html`${['Invoice', 'Card'].map((name) => html`<label><input type="radio" name="payment" value="${name}"${name === chosen && html` checked`}> ${name}</label>`)}`;
}

/** Checks the form and makes the order of it, or says what is missing. */
export function placeOrder(visit: Visit, newId: () => string): { order?: Order; answer: Answer } {
  const { form, cart, coupon } = visit;
  if (cart.length === 0) return { answer: { redirect: '/cart' } };
  const problems: Record<string, string> = {};
  for (const field of fields) if (!field.check.test(form.get(field.name) ?? '')) problems[field.name] = field.problem;
  if (form.get('terms') !== 'yes') problems.terms = 'Accept the terms.';
  if (form.get('payment') === 'Card' && !form.get('card')) problems.card = 'Enter your card, or pay by invoice.';
  if (Object.keys(problems).length > 0) return { answer: checkoutPage(visit, problems) };
  const delivery = form.get('delivery') ?? 'Standard';
  const order: Order = {
    id: newId(),
    name: form.get('name') ?? '',
    email: form.get('email') ?? '',
    country: form.get('country') ?? '',
    delivery,
    payment: form.get('payment') ?? 'Invoice',
    lines: cart,
    coupon,
    totals: totalsOf(cart, coupon, delivery),
  };
  return { order, answer: { redirect: `/orders/${order.id}`, cookies: { cart: undefined, coupon: undefined } } };
}

/** What a customer sees after ordering. */
export function orderPage(order: Order): Answer {
  return {
    title: `Order ${order.id}`,
    body: html`<h1>Thank you, ${order.name}!</h1><p>Your order <strong id="order-id">${order.id}</strong> is on its way to ${order.country}. We wrote to <span id="order-email">${order.email}</span>.</p>${cartTable(order.lines, false)}${totalsList(order.totals, order.coupon, true)}<a class="button" href="/">Continue shopping</a>`,
  };
}
