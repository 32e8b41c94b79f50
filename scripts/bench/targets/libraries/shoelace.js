import '@shoelace-style/shoelace/dist/shoelace.js';
import '@shoelace-style/shoelace/dist/themes/light.css';

document.body.innerHTML = `<h1>Tickets</h1><sl-input id="title" label="Title"></sl-input><sl-input id="filter" placeholder="Filter tickets" clearable></sl-input><sl-textarea id="desc" label="Description"></sl-textarea>
<sl-select id="prio" label="Priority" value="low"><sl-option value="low" id="o-low">Low</sl-option><sl-option value="high">High</sl-option></sl-select>
<sl-checkbox id="urgent">Urgent</sl-checkbox><sl-switch id="notify">Notify me</sl-switch><sl-radio-group label="Kind"><sl-radio value="b" id="k-bug">Bug</sl-radio><sl-radio value="w" id="k-wish">Wish</sl-radio></sl-radio-group>
<sl-button id="create" variant="primary">Create ticket</sl-button><sl-button id="cancel">Cancel</sl-button><sl-icon-button name="gear" label="Settings" id="gear"></sl-icon-button>
<sl-tab-group><sl-tab slot="nav" panel="open" id="t-open">Open</sl-tab><sl-tab slot="nav" panel="done" id="t-done">Done</sl-tab><sl-tab-panel name="open">Open tickets</sl-tab-panel><sl-tab-panel name="done">Done tickets</sl-tab-panel></sl-tab-group>
<sl-details summary="History" id="hist">Nothing yet.</sl-details><sl-rating label="Rating" id="rating"></sl-rating>
${['Login fails', 'Slow page'].map((name, i) => `<sl-card id="c${i}"><strong slot="header">${name}</strong>Reported today<div slot="footer"><sl-button id="close${i}">Close ticket</sl-button></div></sl-card>`).join('')}
<sl-dialog label="Discard ticket?" id="dlg">It is not saved.<sl-button slot="footer" id="d-yes">Discard</sl-button><sl-button slot="footer" id="d-no">Cancel</sl-button></sl-dialog>`;
await Promise.all(
  ['sl-input', 'sl-button', 'sl-select', 'sl-dialog', 'sl-card'].map((name) => customElements.whenDefined(name)),
);
await Promise.all([...document.querySelectorAll('*')].map((element) => element.updateComplete));
if (location.hash === '#dialog') await document.getElementById('dlg').show();
document.body.setAttribute('data-ready', '');
