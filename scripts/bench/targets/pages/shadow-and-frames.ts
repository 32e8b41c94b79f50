import type { BenchPage } from '../bench-page.ts';

/** Web components with open shadow roots, one in another, slots and a label outside. */
export const components: BenchPage = {
  name: 'web-components',
  group: 'shadow DOM',
  html: `<!doctype html><title>Components</title><h1 id="h">Preferences</h1>
<x-button id="b1">Save</x-button><x-button id="b2" label="Discard"></x-button>
<x-field id="f1" label="Nickname"></x-field><x-field id="f2" label="City"></x-field><button id="plain">Save as draft</button><x-card id="c1" head="Plan A"></x-card><x-card id="c2" head="Plan B"></x-card>
<script>
customElements.define('x-button', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<button class="inner-button" part="b">' + (this.getAttribute('label') ?? '<slot></slot>') + '</button>' } });
customElements.define('x-field', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<label for="i">' + this.getAttribute('label') + '</label><input id="i" class="' + this.id + '"><div><x-button label="Clear ' + this.getAttribute('label') + '"></x-button></div>' } });
customElements.define('x-card', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<article><h2>' + this.getAttribute('head') + '</h2><button class="choose-' + this.id + '">Choose</button></article>' } });
</script>`,
  cases: [
    ['Save', '#b1, #b1 *, .inner-button'],
    ['Save button', '#b1, .inner-button'],
    ['Discard', '#b2, .inner-button'],
    ['Nickname', '.f1', 'field'],
    ['City', '.f2', 'field'],
    ['City field', '.f2', 'field'],
    ['Clear City', '.inner-button'],
    ['Save as draft', '#plain'],
    ['Choose in the Plan A card', '.choose-c1'],
    ['Choose in the Plan B card', '.choose-c2'],
    ['Choose', 'ambiguous'],
    ['Preferences', '#h', 'read'],
    ['Plan B', 'h2', 'read'],
  ],
};

const frames = `<!doctype html><title>Pay</title><h1>Payment</h1><button id="pay-outer">Pay later</button>
<iframe name="card" width="400" height="200" title="Card details" id="frame" srcdoc="<label>Card number <input id='number'></label><label>Expiry date <input id='exp'></label><button id='pay'>Pay now</button>"></iframe>`;

/** What is in a frame is not in the page. */
export const outside: BenchPage = {
  name: 'payment',
  group: 'frames',
  html: frames,
  cases: [
    ['Card number', 'none', 'field'],
    ['Pay now', 'none'],
    ['Pay later', '#pay-outer'],
    ['Card details', '#frame', 'read'],
    ['Card details frame', '#frame', 'read'],
  ],
};

/** The same page, looked at from inside the frame. */
export const inside: BenchPage = {
  name: 'payment-frame',
  group: 'frames',
  html: frames,
  frame: 'card',
  cases: [
    ['Card number', '#number', 'field'],
    ['Expiry date field', '#exp', 'field'],
    ['Pay now', '#pay'],
    ['Pay', '#pay'],
    ['Pay later', 'none'],
  ],
};
