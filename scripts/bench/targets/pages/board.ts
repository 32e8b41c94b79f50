import type { BenchPage } from '../bench-page.ts';

const columns: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'To do',
    [
      ['Fix the login page', 'AB'],
      ['Write release notes', 'CD'],
    ],
  ],
  ['In progress', [['Fix the search', 'AB']]],
  ['Done', []],
];

/** A board of tasks: columns, cards with the same buttons, a panel with tabs and switches, and a form without a form. */
export const board: BenchPage = {
  name: 'board',
  group: 'applications',
  html: `<!doctype html><title>Board</title><style>.col{float:left;width:200px}.card{border:1px solid}.icon::before{content:"…"}</style>
<header><h1 id="title">Website relaunch</h1><button id="rename" aria-label="Rename board">✎</button><button id="fav" aria-pressed="false" title="Add to favourites">☆</button><input id="q" placeholder="Filter cards"><button id="invite">Invite</button><div id="me" role="button" tabindex="0" aria-label="Your profile">AB</div></header>
<div>${columns
    .map(
      ([name, cards], c) =>
        `<section class="col" aria-labelledby="c${c}"><h2 id="c${c}">${name}</h2><span id="n${c}">${cards.length}</span><button id="cm${c}" aria-label="Column menu" class="icon"></button>${cards
          .map(
            ([text, who], k) =>
              `<div class="card" id="k${c}${k}"><a id="a${c}${k}" href="#${c}${k}">${text}</a><span>${who}</span><button id="e${c}${k}">Edit</button><button id="d${c}${k}" aria-label="Delete card">✕</button></div>`,
          )
          .join(
            '',
          )}<textarea id="new${c}" placeholder="New card"></textarea><button id="add${c}">Add card</button></section>`,
    )
    .join('')}</div>
<section aria-label="Card details"><h2 id="dt">Fix the search</h2><div role="tablist"><button role="tab" id="tb1" aria-selected="true">Overview</button><button role="tab" id="tb2">Comments</button><button role="tab" id="tb3">History</button></div>
<div>Assignee</div><div role="combobox" id="asg" tabindex="0" aria-label="Assignee" aria-expanded="false">Nobody</div>
<div>Due date</div><input id="due" aria-label="Due date" type="date">
<div><span id="wl">Watch this card</span><button role="switch" id="watch" aria-checked="false" aria-labelledby="wl"></button></div>
<div><label for="blk">Blocked</label><input type="checkbox" id="blk"></div>
<div>Priority</div><div role="radiogroup" aria-label="Priority"><label><input type="radio" name="p" id="low"> Low</label><label><input type="radio" name="p" id="mid"> Medium</label><label><input type="radio" name="p" id="high"> High</label></div>
<div contenteditable="true" role="textbox" id="desc" aria-label="Description" style="min-height:20px;width:90px"></div><button id="save">Save</button><button id="sc">Save and close</button><button id="x" aria-label="Close">✕</button></section>`,
  cases: [
    ['Rename board', '#rename'],
    ['Add to favourites', '#fav'],
    ['Filter cards', '#q', 'field'],
    ['Filter', '#q', 'field'],
    ['Invite', '#invite'],
    ['Your profile', '#me'],
    ['Website relaunch', '#title', 'read'],
    ['Column menu', 'ambiguous'],
    ['Column menu in the In progress section', '#cm1'],
    ['Column menu of Done', '#cm2'],
    ['Add card', 'ambiguous'],
    ['Add card in the Done section', '#add2'],
    ['Add card in the To do column', '#add0'],
    ['Column menu in the Done column', '#cm2'],
    ['New card in the In progress section', '#new1', 'field'],
    ['third Add card button', '#add2'],
    ['Fix the login page', '#a00'],
    ['Write release notes', '#a01'],
    ['release notes link', '#a01'],
    ['Edit', 'ambiguous'],
    ['Edit for Write release notes', '#e01'],
    ['Edit in the Fix the login page card', '#e00'],
    ['Delete card in the In progress section', '#d10'],
    ['Delete card for Fix the login page', '#d00'],
    ['Delete card in the To do section', 'ambiguous'],
    ['Overview tab', '#tb1'],
    ['Comments', '#tb2'],
    ['History', '#tb3'],
    ['Assignee', '#asg', 'choice'],
    ['Due date', '#due', 'field'],
    ['Due', '#due', 'field'],
    ['Watch this card', '#watch', 'choice'],
    ['Watch this card switch', '#watch', 'choice'],
    ['Blocked', '#blk', 'choice'],
    ['High', '#high', 'choice'],
    ['Medium in the Priority group', '#mid', 'choice'],
    ['Low radio', '#low', 'choice'],
    ['Description', '#desc', 'field'],
    ['Save', '#save'],
    ['Save and close', '#sc'],
    ['Close', '#x'],
    ['Close button in the Card details section', '#x'],
    ['Done', '#c2', 'read'],
    ['Archive', 'none'],
    ['Edit for Deploy', 'none'],
    ['Attachments tab', 'none'],
  ],
};
