import type { BenchPage } from '../bench-page.ts';

const flights = [
  ['07:15', 'Nordic Air', 'non-stop', '129'],
  ['09:40', 'Nordic Air', '1 stop', '99'],
  ['18:05', 'Blue Wings', 'non-stop', '149'],
];

/** A booking of flights: a search form with choices of every kind, results as cards, and filters beside them. */
export const booking: BenchPage = {
  name: 'booking',
  group: 'applications',
  html: `<!doctype html><title>Fly</title><style>.card{border:1px solid;margin:4px}.step{cursor:pointer}</style>
<header><a id="home" href="/"><img alt="Fly home" width="9" height="9"></a><a id="trips" href="/trips">My trips</a><a id="help" href="/help">Help</a><button id="lang" aria-haspopup="listbox">English</button><button id="cur" aria-haspopup="listbox">EUR</button><a id="login" href="/login">Sign in</a></header>
<form id="f" role="search" aria-label="Find flights"><fieldset><legend>Trip</legend><label><input type="radio" name="trip" id="ret" checked> Return</label><label><input type="radio" name="trip" id="one"> One way</label></fieldset>
<label for="from">From</label><input id="from" placeholder="City or airport"><button type="button" id="swap" aria-label="Swap origin and destination">⇄</button><label for="dest">To</label><input id="dest" placeholder="City or airport">
<label for="dep">Departure</label><input id="dep" type="date"><label for="back">Return</label><input id="back" type="date">
<div role="group" aria-label="Passengers"><div><span>Adults</span><button type="button" id="ad-" aria-label="Fewer adults">−</button><output id="adults">1</output><button type="button" id="ad+" aria-label="More adults">+</button></div><div><span>Children</span><button type="button" id="ch-" aria-label="Fewer children">−</button><output id="children">0</output><button type="button" id="ch+" aria-label="More children">+</button></div></div>
<label>Cabin <select id="cabin"><option>Economy</option><option>Premium</option><option>Business</option></select></label><label><input type="checkbox" id="flex"> Flexible dates (± 3 days)</label><button id="go">Search flights</button></form>
<aside aria-label="Filters"><h2>Filters</h2><h3>Stops</h3><label><input type="checkbox" id="s0"> Non-stop</label><label><input type="checkbox" id="s1"> 1 stop</label><h3>Airlines</h3><label><input type="checkbox" id="a0"> Nordic Air</label><label><input type="checkbox" id="a1"> Blue Wings</label><label>Highest price <input type="range" id="max" min="50" max="500"></label><button id="reset">Clear filters</button></aside>
<main><h1 id="h1">3 flights to Oslo</h1><label>Sort by <select id="sort"><option>Price</option><option>Duration</option></select></label>
${flights
  .map(
    ([time, line, stops, price], i) =>
      `<article class="card" id="r${i}" aria-label="${line} at ${time}"><h2 id="t${i}">${time}</h2><p id="l${i}">${line}</p><p>${stops}</p><strong id="p${i}">€ ${price}</strong><button id="sel${i}">Select</button><button id="det${i}" aria-expanded="false">Details</button></article>`,
  )
  .join('')}
<button id="more">Show more flights</button></main>
<div role="dialog" aria-label="Cookies"><p>We use cookies.</p><button id="acc">Accept all</button><button id="rej">Reject all</button><a id="pol" href="/privacy">Privacy policy</a></div>
<footer><a id="ab" href="/about">About us</a><a id="pr" href="/privacy">Privacy</a><form id="nl"><label>Newsletter <input id="mail" type="email" placeholder="Your e-mail"></label><button id="sub">Subscribe</button></form></footer>`,
  cases: [
    ['My trips', '#trips'],
    ['Sign in', '#login'],
    ['Help link', '#help'],
    ['the language button', 'none'],
    ['English', '#lang'],
    ['EUR', '#cur'],
    ['One way', '#one', 'choice'],
    ['Return', '#ret', 'choice'],
    ['Return date', '#back', 'field'],
    ['Return field', '#back', 'field'],
    ['Departure', '#dep', 'field'],
    ['departure date', '#dep', 'field'],
    ['From', '#from', 'field'],
    ['To', '#dest', 'field'],
    ['To field', '#dest', 'field'],
    ['City or airport', 'ambiguous', 'field'],
    ['second City or airport field', '#dest', 'field'],
    ['Swap origin and destination', '#swap'],
    ['Swap button', '#swap'],
    ['More adults', '#ad\\+'],
    ['Fewer children button', '#ch-'],
    ['Cabin', '#cabin', 'choice'],
    ['Flexible dates', '#flex', 'choice'],
    ['Flexible dates checkbox', '#flex', 'choice'],
    ['Search flights', '#go'],
    ['Search', '#go'],
    ['Non-stop', '#s0', 'choice'],
    ['Non-stop in the Filters', '#s0', 'choice'],
    ['1 stop checkbox', '#s1', 'choice'],
    ['Nordic Air', '#a0', 'choice'],
    ['Blue Wings checkbox', '#a1', 'choice'],
    ['Highest price', '#max', 'field'],
    ['Clear filters', '#reset'],
    ['Sort by', '#sort', 'choice'],
    ['Select', 'ambiguous'],
    ['Select in the Blue Wings card', '#sel2'],
    ['Select in the Blue Wings article', '#sel2'],
    ['Select in the Nordic Air at 09:40 card', '#sel1'],
    ['Select for Nordic Air at 09:40', '#sel1'],
    ['Select for 09:40', '#sel1'],
    ['Select in the Nordic Air card', 'ambiguous'],
    ['first Select button', '#sel0'],
    ['last Select button', '#sel2'],
    ['Details of 18:05', '#det2'],
    ['Details in the 07:15 card', '#det0'],
    ['€ 99', '#p1', 'read'],
    ['18:05', '#t2', 'read'],
    ['flights to Oslo', '#h1', 'read'],
    ['Show more flights', '#more'],
    ['Show more', '#more'],
    ['Accept all', '#acc'],
    ['Reject all in the Cookies dialog', '#rej'],
    ['Accept', '#acc'],
    ['Privacy policy', '#pol'],
    ['Privacy', '#pr'],
    ['Newsletter', '#mail', 'field'],
    ['Your e-mail', '#mail', 'field'],
    ['Subscribe', '#sub'],
    ['About us', '#ab'],
    ['Fly home', '#home, #home > img'],
    ['Infants', 'none'],
    ['Log out', 'none'],
    ['Select in the Red Jet card', 'none'],
  ],
};
