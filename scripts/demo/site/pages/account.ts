import { html } from '../../../../shared/reports/markup.ts';
import type { Answer, Visit } from '../visit.ts';

/** Who may log in. */
const accounts = [
  { email: 'ada@example.com', password: 'analytical', name: 'Ada' },
  { email: 'grace@example.com', password: 'compiler', name: 'Grace' },
];

export function loginPage(email = '', problem?: string): Answer {
  return {
    title: 'Sign in',
    ...(problem ? { status: 401 } : {}),
    body: html`<div class="narrow"><h1>Welcome back</h1>${problem && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="/login" novalidate><label>Email <input name="email" type="email" autocomplete="username" value="${email}"></label><label>Password <input name="password" type="password" autocomplete="current-password"></label><label><input type="checkbox" name="keep" value="yes"> Stay logged in</label><button class="button">Log in</button></form></div>`,
  };
}

/** Opens a session for the customer whose password it is. */
export function logIn({ form }: Visit, open: (name: string) => string): Answer {
  const email = form.get('email') ?? '';
  const account = accounts.find(
    (known) => known.email === email.toLowerCase() && known.password === form.get('password'),
  );
  if (!account) return loginPage(email, 'Email or password is wrong.');
  return { redirect: '/', cookies: { session: open(account.name) } };
}

export function terms(): Answer {
  return {
    title: 'Terms and conditions',
    body: html`<h1>Terms and conditions</h1><ol class="terms">${['Nothing here is for sale.', 'Nothing is sent, and nothing is paid.', 'Orders are forgotten when the shop closes.', 'Tests are welcome at any hour.'].map((term) => html`<li>${term}</li>`)}</ol>`,
  };
}

/** The newsletter's form, which stands in a frame of its own. */
export function newsletter({ method, form }: Visit): Answer {
  const email = form.get('address') ?? '';
  const problem = method === 'POST' && !/^\S+@\S+$/.test(email);
  const body =
    method === 'POST' && !problem
      ? html`<p id="subscribed" role="status">Thank you! The next letter goes to ${email}.</p>`
      : html`<form method="post" action="/newsletter" novalidate>${problem && html`<p class="problem" role="alert">That is no email address.</p>`}<label>Your email <input name="address" type="email" value="${email}"></label><button>Subscribe</button></form>`;
  return { title: 'Newsletter', bare: true, body };
}

/** The card's form, which tells the page around it the last four digits. */
export function payment(): Answer {
  return {
    title: 'Payment',
    bare: true,
    body: html`<form id="payment"><label>Card number <input name="number" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242"></label><button>Use this card</button><p id="card-problem" role="alert"></p></form>`,
  };
}
