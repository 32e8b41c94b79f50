import type { BenchPage } from '../bench-page.ts';

const people = [
  ['ada', 'Ada Lovelace', 'ada@example.com', 'Admin'],
  ['bob', 'Bob Hope', 'bob@example.com', 'Editor'],
  ['eve', 'Eve Adams', 'eve@example.com', 'Editor'],
];

/** Rows of a table with the same buttons. */
export const users: BenchPage = {
  name: 'user-table',
  group: 'tables',
  html: `<!doctype html><title>Users</title><h1>Users</h1><button id="add">Add user</button>
<table id="t"><thead><tr><th><input type="checkbox" id="all" aria-label="Select all"></th><th><button id="by-name">Name</button></th><th id="th-mail">Email</th><th id="th-role">Role</th><th>Actions</th></tr></thead><tbody>
${people
  .map(
    ([id, name, mail, role]) =>
      `<tr id="row-${id}"><td><input type="checkbox" id="pick-${id}" aria-label="Select row"></td><td id="name-${id}">${name}</td><td id="mail-${id}">${mail}</td><td><select id="role-${id}" aria-label="Role"><option>${role}</option><option>Viewer</option></select></td>
<td><button id="edit-${id}">Edit</button> <button id="del-${id}" aria-label="Delete ${name}">🗑</button></td></tr>`,
  )
  .join('')}
</tbody></table><nav aria-label="Pages"><button id="prev">Previous</button><button id="p1">1</button><button id="p2">2</button><button id="next">Next</button></nav>`,
  cases: [
    ['Edit in the Ada Lovelace row', '#edit-ada'],
    ['Edit button in the Bob Hope row', '#edit-bob'],
    ['Edit in the row eve@example.com', '#edit-eve'],
    ['Edit in the bob@example.com row', '#edit-bob'],
    ['Edit', 'ambiguous'],
    ['Edit of Ada Lovelace', '#edit-ada'],
    ['Edit for Bob Hope', '#edit-bob'],
    ['Delete Eve Adams', '#del-eve'],
    ['Delete in the Ada row', '#del-ada'],
    ['Delete', 'ambiguous'],
    ['Select all', '#all', 'choice'],
    ['Select row in the Bob row', '#pick-bob', 'choice'],
    ['Role in the Eve Adams row', '#role-eve', 'list'],
    ['checkbox in the Ada Lovelace row', '#pick-ada', 'choice'],
    ['Ada Lovelace', '#name-ada', 'read'],
    ['bob@example.com', '#mail-bob', 'read'],
    ['Name', '#by-name'],
    ['Email', '#th-mail', 'read'],
    ['Next', '#next'],
    ['2', '#p2'],
    ['Add user', '#add'],
    ['Edit in the Mallory row', 'none'],
    ['Archive in the Ada Lovelace row', 'none'],
  ],
};

/** An ARIA grid of divs, as data-grid libraries make them. */
export const grid: BenchPage = {
  name: 'div-grid',
  group: 'tables',
  html: `<!doctype html><title>Orders</title><h2>Orders</h2>
<div role="grid" aria-label="Orders"><div role="row"><div role="columnheader" id="c-no">Order</div><div role="columnheader">Customer</div><div role="columnheader">Status</div></div>
${[
  [1001, 'Ada', 'Paid'],
  [1002, 'Bob', 'Open'],
  [1003, 'Ada', 'Open'],
]
  .map(
    ([no, who, state]) =>
      `<div role="row" id="r${no}"><div role="gridcell" id="no${no}">${no}</div><div role="gridcell">${who}</div><div role="gridcell" id="s${no}">${state}</div><div role="gridcell"><a id="a${no}" href="#${no}">Details</a><button id="b${no}" title="Refund"><svg width="9" height="9"></svg></button></div></div>`,
  )
  .join('')}</div>`,
  cases: [
    ['Details in the 1001 row', '#a1001'],
    ['Details link in the 1003 row', '#a1003'],
    ['Details', 'ambiguous'],
    ['Refund in the 1002 row', '#b1002'],
    ['Refund button in row 1003', '#b1003'],
    ['Details in the Bob row', '#a1002'],
    ['Details in the Ada row', 'ambiguous'],
    ['1002', '#no1002', 'read'],
    ['Paid', '#s1001', 'read'],
    ['Paid in the 1001 row', '#s1001', 'read'],
    ['Order', '#c-no', 'read'],
  ],
};
