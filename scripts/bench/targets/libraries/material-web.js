import '@material/web/all.js';

document.body.innerHTML = `<header><h1>Trip</h1><md-icon-button id="back" aria-label="Back"><md-icon><svg viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg></md-icon></md-icon-button></header>
<md-tabs><md-primary-tab id="tab-f">Flights</md-primary-tab><md-primary-tab id="tab-h">Hotels</md-primary-tab></md-tabs>
<md-outlined-text-field id="from" label="From"></md-outlined-text-field><md-filled-text-field id="to" label="To"></md-filled-text-field><md-outlined-text-field id="note" type="textarea" label="Note to the pilot"></md-outlined-text-field>
<md-outlined-select id="class" label="Class"><md-select-option value="e" id="o-eco"><div slot="headline">Economy</div></md-select-option><md-select-option value="b"><div slot="headline">Business</div></md-select-option></md-outlined-select>
<label id="l-bag"><md-checkbox id="bag"></md-checkbox> Extra bag</label><label><md-switch id="flex"></md-switch> Flexible ticket</label><label for="r1">Window seat</label><md-radio id="r1" name="seat"></md-radio><label for="r2">Aisle seat</label><md-radio id="r2" name="seat"></md-radio>
<md-slider id="budget" aria-label="Budget" value="50"></md-slider><md-filled-button id="search">Search flights</md-filled-button><md-text-button id="clear">Clear</md-text-button><md-outlined-button id="save">Save search</md-outlined-button>
<md-chip-set><md-filter-chip id="direct" label="Direct only"></md-filter-chip><md-assist-chip id="alerts" label="Price alerts"></md-assist-chip></md-chip-set>
<md-list><md-list-item type="button" id="i-oslo"><div slot="headline">Oslo</div><div slot="supporting-text">from 90 €</div></md-list-item><md-list-item type="link" href="#rome" id="i-rome"><div slot="headline">Rome</div></md-list-item></md-list>
<md-fab id="fab" label="New trip"></md-fab>
<md-dialog id="dlg"><div slot="headline">Discard trip?</div><form slot="content" id="form" method="dialog">Your changes are lost.</form><div slot="actions"><md-text-button form="form" id="dlg-keep">Keep</md-text-button><md-text-button form="form" id="dlg-discard">Discard</md-text-button></div></md-dialog>`;
await Promise.all([...document.querySelectorAll('*')].map((element) => element.updateComplete));
if (location.hash === '#dialog') await document.getElementById('dlg').show();
document.body.setAttribute('data-ready', '');
