import { deepEqual, equal, match } from 'node:assert/strict';
import { LARGEST_FILE } from '../engine/files.ts';
import { createEgressGuard, send } from '../platform/egress.ts';
import { AppError } from '../platform/errors.ts';
import { bench, outsideOf } from './testing/bench.ts';

/** What arrives is written to #got as `name type text`, a file a line. */
const page = `<!doctype html><title>Upload</title>
<label>Photo <input id="one" type="file"></label>
<label>Photos <input id="many" type="file" multiple></label>
<label id="styled"><span>Choose a file</span><input id="hidden" type="file" style="display:none"></label>
<button id="opens">Attach</button><button id="idle">Idle</button>
<label>Off <input id="off" type="file" disabled></label>
<pre id="got"></pre>
<script>
  const show = async (field) => {
    const texts = await Promise.all([...field.files].map(async (file) => [file.name, file.type, await file.text()].join(' ')));
    got.textContent = texts.join('\\n');
  };
  for (const field of document.querySelectorAll('input')) field.onchange = () => show(field);
  opens.onclick = () => {
    const field = document.createElement('input');
    field.type = 'file';
    field.onchange = () => show(field);
    field.click();
  };
</script>`;

describe('file.upload', () => {
  const { base, open, run, step, files } = bench({
    '/': page,
    '/photo.png': (_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end('pixels'),
    '/moved': (_request, response) => response.writeHead(302, { location: '/photo.png' }).end(),
    '/inward': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
    '/large': (_request, response) => response.writeHead(200).end(Buffer.alloc(LARGEST_FILE + 1)),
  });

  async function got(fields: Record<string, unknown>): Promise<unknown> {
    const [, uploaded, read] = await run(
      { command: 'misc.execute', script: "got.textContent = ''" },
      { command: 'file.upload', target: '#one', ...fields },
      {
        command: 'misc.execute',
        script: 'while (!got.textContent) await new Promise((r) => setTimeout(r, 10)); return got.textContent',
      },
    );
    equal(uploaded?.status, 'passed', JSON.stringify(uploaded));
    return read?.value;
  }

  it('gives a file that stands in the step, as text or as Base64', async () => {
    equal(await got({ content: 'hello', name: 'a.txt' }), 'a.txt text/plain hello');
    equal(await got({ content: 'aGVsbG8=', encoding: 'base64', name: 'a.txt' }), 'a.txt text/plain hello');
    equal(await got({ content: '', name: 'empty.bin' }), 'empty.bin application/octet-stream ');
  });

  it('fetches a file, relative to the base URL and over redirects, with the name and type it has there', async () => {
    equal(await got({ url: '/photo.png' }), 'photo.png image/png pixels');
    equal(await got({ url: `${base()}/moved`, name: 'me.png' }), 'me.png image/png pixels');
  });

  it("takes a file of the user's", async () => {
    files.set('photos/cv.pdf', Buffer.from('%PDF'));
    equal(await got({ artifact: 'photos/cv.pdf' }), 'cv.pdf application/pdf %PDF');
    equal(await got({ artifact: 'photos/cv.pdf', name: 'x.txt' }), 'x.txt text/plain %PDF');
  });

  it('gives several files to a field that takes several, and says so to one that does not', async () => {
    const two = [{ content: '1', name: 'a.csv' }, { url: '/photo.png' }];
    equal(await got({ target: '#many', files: two }), 'a.csv text/csv 1\nphoto.png image/png pixels');
    for (const target of ['#one', '#opens']) {
      const refused = await step({ command: 'file.upload', target, files: two });
      deepEqual([refused.status, refused.error?.type], ['error', 'not-actionable']);
      match(refused.error?.message ?? '', /one file only/);
    }
  });

  it('finds the field behind its label', async () => {
    for (const target of ['Choose a file', '#styled', 'Photo'])
      equal(await got({ target, content: 'x', name: 'a.txt' }), 'a.txt text/plain x', target);
  });

  it('gives the file to the file chooser that a click opens', async () => {
    equal(await got({ target: 'Attach', content: 'x', name: 'a.txt' }), 'a.txt text/plain x');
  });

  it('says that no file chooser opened, that the field is off, or that there is none', async () => {
    const upload = {
      command: 'file.upload',
      content: 'x',
      name: 'a.txt',
      timeoutMs: 2500,
      onFailure: 'continue',
    } as const;
    const results = await run(
      { ...upload, target: 'Idle' },
      { ...upload, target: '#off' },
      { ...upload, target: 'No such field' },
    );
    deepEqual(
      results.map(({ status, error }) => [status, error?.type]),
      [
        ['error', 'not-actionable'],
        ['error', 'not-actionable'],
        ['error', 'element-not-found'],
      ],
    );
    match(results[0]?.error?.message ?? '', /opened no file chooser/);
    match(results[1]?.error?.message ?? '', /is disabled/);
  });

  it('refuses addresses that are not public, also behind a redirect', async () => {
    const metadata = await step({ command: 'file.upload', target: '#one', url: 'http://169.254.169.254/latest' });
    const redirected = await step({ command: 'file.upload', target: '#one', url: '/inward' });
    for (const { status, error } of [metadata, redirected]) deepEqual([status, error?.type], ['error', 'refused']);
    const guard = createEgressGuard([]);
    const outside = { ...outsideOf({ files, baselines: new Map() }), send: (request: never) => send(guard, request) };
    const session = await open({ outside });
    const { results } = await session.runCheckpoint({
      name: 'x',
      index: 0,
      steps: [
        { command: 'navigate.to', url: '/' },
        { command: 'file.upload', target: '#one', url: '/photo.png' },
      ],
    });
    deepEqual(
      [results[1]?.error?.type, /not a public address/.test(results[1]?.error?.message ?? '')],
      ['refused', true],
    );
  });

  it('says what is wrong with the file', async () => {
    const cases: [Record<string, unknown>, string, RegExp][] = [
      [{ url: '/nowhere' }, 'request-failed', /answered 404/],
      [{ url: 'http://127.0.0.1:1/x' }, 'request-failed', /could not be reached/],
      [{ url: 'file:///etc/passwd' }, 'refused', /'file:' addresses/],
      [{ url: '/large', timeoutMs: 30_000 }, 'too-large', /more than 50 MB/],
      [{ artifact: 'none.pdf' }, 'file-not-found', /no object 'none.pdf'/],
      [{ content: 'not base64!', encoding: 'base64', name: 'x' }, 'invalid-value', /not Base64/],
      [{ content: 'x', name: 'x', encoding: '{{how}}' }, 'unknown-variable', /how/],
    ];
    for (const [fields, type, message] of cases) {
      const { status, error } = await step({ command: 'file.upload', target: '#one', ...fields });
      deepEqual([status, error?.type], ['error', type], JSON.stringify(error));
      match(error?.message ?? '', message);
    }
  });

  it("does not take a file of somebody else's", async () => {
    const readFile = async () => {
      throw new AppError('permission-denied', "'tests/usr_2/x' is not yours");
    };
    const session = await open({ outside: { ...outsideOf({ files, baselines: new Map() }), readFile } });
    const { results } = await session.runCheckpoint({
      name: 'x',
      index: 0,
      steps: [
        { command: 'navigate.to', url: '/' },
        { command: 'file.upload', target: '#one', artifact: 'tests/usr_2/x' },
      ],
    });
    deepEqual([results[1]?.status, results[1]?.error?.type], ['error', 'refused']);
  });
});
