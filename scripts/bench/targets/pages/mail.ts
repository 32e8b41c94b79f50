import type { BenchPage } from '../bench-page.ts';

const mails = [
  ['Anna Berg', 'Minutes of Monday', 'work'],
  ['Anna Berg', 'Lunch?', 'private'],
  ['Shop24', 'Your order 4711 has shipped', 'shopping'],
];

/** A mail client: three columns, a toolbar, a list that repeats everything, and a form to write in. */
export const mail: BenchPage = {
  name: 'mail',
  group: 'applications',
  html: `<!doctype html><title>Mail</title><style>.label{cursor:pointer}.col{float:left}</style>
<header><button id="compose">Compose</button><input id="find" type="search" placeholder="Search mail" aria-label="Search mail"><button id="opts" aria-label="Search options">▾</button><button id="acct" aria-label="Account: ada@example.com">A</button></header>
<nav class="col" aria-label="Folders"><ul><li><a id="f-inbox" href="#i">Inbox <span>3</span></a></li><li><a id="f-sent" href="#s">Sent</a></li><li><a id="f-drafts" href="#d">Drafts</a></li><li><a id="f-bin" href="#b">Bin</a></li></ul><h3>Labels</h3><div class="label" id="l-work">work</div><div class="label" id="l-priv">private</div></nav>
<main class="col"><div role="toolbar" aria-label="Mail actions"><button id="t-all" title="Select all"></button><button id="t-archive">Archive</button><button id="t-delete">Delete</button><button id="t-more" aria-haspopup="menu">More</button></div>
<ul aria-label="Messages">${mails
    .map(
      ([from, subject, label], i) =>
        `<li id="m${i}"><input type="checkbox" id="pick${i}" aria-label="Select"><span id="from${i}">${from}</span> <a id="open${i}" href="#${i}">${subject}</a> <span class="tag">${label}</span> <button id="star${i}" aria-label="Not starred">☆</button><button id="arch${i}" aria-label="Archive"></button></li>`,
    )
    .join('')}</ul></main>
<section class="col" aria-label="New message"><h2 id="nm">New message</h2><label>To <input id="to"></label><label>Subject <input id="subj"></label><div id="body" role="textbox" contenteditable="true" aria-label="Message body" style="width:90px;height:20px"></div>
<button id="send">Send</button><button id="later">Send later</button><button id="discard" title="Discard draft">🗑</button><button id="attach"><svg width="9" height="9" role="img" aria-label="Attach files"></svg></button></section>`,
  cases: [
    ['Compose', '#compose'],
    ['Search mail', '#find', 'field'],
    ['search', '#find', 'field'],
    ['Search options', '#opts'],
    ['Account', '#acct'],
    ['Inbox', '#f-inbox'],
    ['Drafts link', '#f-drafts'],
    ['Bin in the Folders navigation', '#f-bin'],
    ['Sent', '#f-sent'],
    ['private', '#l-priv'],
    ['work label', '#l-work'],
    ['Select all', '#t-all'],
    ['Delete', '#t-delete'],
    ['Archive in the toolbar', '#t-archive'],
    ['Archive in the Lunch? row', '#arch1'],
    ['Archive for Lunch?', '#arch1'],
    ['Not starred in the Minutes of Monday item', '#star0'],
    ['star of Your order 4711', '#star2'],
    ['Select in the Shop24 row', '#pick2', 'choice'],
    ['Select in the Anna Berg row', 'ambiguous', 'choice'],
    ['second Select checkbox', '#pick1', 'choice'],
    ['Your order 4711 has shipped', '#open2'],
    ['order 4711', '#open2'],
    ['Minutes of Monday', '#open0'],
    ['Anna Berg', 'ambiguous', 'read'],
    ['Shop24', '#from2', 'read'],
    ['To', '#to', 'field'],
    ['Subject', '#subj', 'field'],
    ['Subject field in the New message section', '#subj', 'field'],
    ['Message body', '#body', 'field'],
    ['Send', '#send'],
    ['Send button', '#send'],
    ['Send later', '#later'],
    ['Discard draft', '#discard'],
    ['Attach files', '#attach, #attach > svg'],
    ['More menu', '#t-more'],
    ['New message', '#nm', 'read'],
    ['Forward', 'none'],
    ['Select in the Bob row', 'none', 'choice'],
    ['Spam', 'none'],
  ],
};
