import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const page = `<!doctype html><html lang="en"><head><title>Greeter</title></head><body>
<h1>Greeter</h1>
<form id="form"><label>Name <input id="name" autocomplete="off"></label><button id="go">Greet</button></form>
<p id="greeting" hidden></p><p id="done" hidden>Done</p>
<script>
document.getElementById('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const greeting = document.getElementById('greeting');
  greeting.textContent = 'Hello, ' + document.getElementById('name').value;
  greeting.hidden = false;
  document.getElementById('done').hidden = false;
});
</script></body></html>`;

/** The page that every flow of the benchmark works on: open, fill, click, two checks. */
export async function startSite(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(page),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
