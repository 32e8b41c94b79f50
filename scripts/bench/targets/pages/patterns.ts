import type { BenchPage } from '../bench-page.ts';

/** Widgets built of plain elements by the patterns of the ARIA Authoring Practices Guide. */
export const widgets: BenchPage = {
  name: 'widgets',
  group: 'ARIA patterns',
  html: `<!doctype html><title>Widgets</title>
<div role="tablist" aria-label="Entertainment"><div role="tab" id="tab1" tabindex="0" aria-selected="true" aria-controls="panel1">Films</div><div role="tab" id="tab2" tabindex="-1" aria-controls="panel2">Music</div></div>
<div role="tabpanel" id="panel1" aria-labelledby="tab1">Films of the week</div><div role="tabpanel" id="panel2" aria-labelledby="tab2" hidden>Music of the week</div>
<h3><button id="acc1" aria-expanded="false">Shipping address</button></h3><h3><button id="acc2" aria-expanded="true">Billing address</button></h3><div role="region" aria-labelledby="acc2"><label>Street <input id="street"></label></div>
<ul role="menubar"><li role="none"><span role="menuitem" tabindex="0" id="m-file" aria-haspopup="true">File</span></li><li role="none"><span role="menuitem" tabindex="-1" id="m-edit">Edit</span>
<ul role="menu"><li role="menuitem" tabindex="-1" id="m-undo">Undo</li><li role="menuitemcheckbox" tabindex="-1" id="m-wrap" aria-checked="true">Word wrap</li></ul></li></ul>
<label id="fruit-l">Fruit</label><div role="combobox" id="fruit" tabindex="0" aria-labelledby="fruit-l" aria-expanded="true" aria-controls="lb">Choose a fruit</div>
<ul role="listbox" id="lb" aria-labelledby="fruit-l"><li role="option" id="o-apple" aria-selected="false">Apple</li><li role="option" id="o-plum">Plum</li></ul>
<div role="switch" tabindex="0" id="sw" aria-checked="false" aria-label="Notifications"></div>
<div role="checkbox" tabindex="0" id="cb" aria-checked="false">Lettuce</div>
<div role="radiogroup" aria-label="Crust"><div role="radio" tabindex="0" id="r1" aria-checked="true">Regular</div><div role="radio" tabindex="-1" id="r2">Deep dish</div></div>
<span id="sl-l">Temperature</span><div role="slider" tabindex="0" id="sl" aria-labelledby="sl-l" aria-valuenow="20" style="width:50px;height:9px"></div>
<ul role="tree" aria-label="Folders"><li role="treeitem" id="tr1" aria-expanded="true">Projects<ul role="group"><li role="treeitem" id="tr2">Letters</li></ul></li></ul>
<a id="crumb" href="#" aria-current="page">Breadcrumb example</a><button id="tog" aria-pressed="false">Mute</button>
<div role="textbox" contenteditable="true" id="rich" aria-label="Comment" style="width:90px;height:20px"></div>
<div role="button" tabindex="0" id="divb">Print page</div><div role="link" tabindex="0" id="divl">W3C site</div><div role="spinbutton" id="spin" tabindex="0" aria-label="Guests" aria-valuenow="2">2</div>
<style>[role=switch]{width:30px;height:12px}</style>`,
  cases: [
    ['Films', '#tab1'],
    ['Music tab', '#tab2'],
    ['Music', '#tab2'],
    ['Shipping address', '#acc1'],
    ['Billing address', '#acc2'],
    ['Billing address button', '#acc2'],
    ['Street in the Billing address section', '#street', 'field'],
    ['Street', '#street', 'field'],
    ['File', '#m-file'],
    ['File menu', '#m-file'],
    ['Undo menu item', '#m-undo'],
    ['Edit', '#m-edit'],
    ['Word wrap', '#m-wrap', 'choice'],
    ['Fruit', '#fruit'],
    ['Fruit dropdown', '#fruit'],
    ['Apple', '#o-apple'],
    ['Plum option', '#o-plum'],
    ['Notifications', '#sw', 'choice'],
    ['Notifications switch', '#sw'],
    ['Lettuce', '#cb', 'choice'],
    ['Lettuce checkbox', '#cb', 'choice'],
    ['Deep dish', '#r2', 'choice'],
    ['Regular radio button', '#r1', 'choice'],
    ['Temperature', '#sl'],
    ['Temperature slider', '#sl'],
    ['Letters', '#tr2'],
    ['Projects', '#tr1'],
    ['Mute', '#tog'],
    ['Mute toggle', '#tog'],
    ['Comment', '#rich', 'field'],
    ['Print page', '#divb'],
    ['Print page button', '#divb'],
    ['W3C site link', '#divl'],
    ['Guests', '#spin'],
    ['Choose a fruit', '#fruit'],
  ],
};
