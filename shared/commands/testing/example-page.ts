/** The page on which every command's examples hold as they stand. */
export const examplePage = `<!doctype html>
<title>Example shop</title>
<style>#canvas, #card, #bin { width: 200px; height: 100px; border: 1px solid; } #tall { height: 3000px; }</style>
<header><a href="/help">Help</a> <button>Menu</button> <button id="log-in">Log in</button></header>
<h1>Welcome</h1>
<p id="hidden-note" hidden>nothing here</p>
<form onsubmit="return false">
  <label>Email <input name="email" value="ada@example.com"></label>
  <label>Password <input name="password" type="password"></label>
  <label>Country <select id="country"><option>Sweden</option><option>Norway</option><option>Finland</option></select></label>
  <label><input type="checkbox" checked> Newsletter</label>
  <label><input type="checkbox"> Terms</label>
  <label>Photo <input type="file" multiple></label>
  <button disabled>Archive</button>
</form>
<ul><li class="item">Tea</li><li class="item">Coffee</li><li class="item">Cocoa</li></ul>
<p>Total <b id="total">$1,234.50</b></p>
<div id="canvas" oncontextmenu="return false"></div>
<div id="card" draggable="true">card</div><div id="bin" ondragover="event.preventDefault()">bin</div>
<a href="/prices.csv" download>Price list</a>
<iframe name="details" srcdoc="<p>Details</p>"></iframe>
<div id="tall"></div><div id="footer">Imprint</div>`;
