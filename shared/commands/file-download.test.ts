import { deepEqual, equal, match } from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bench } from './testing/bench.ts';

const page = `<!doctype html><title>Downloads</title>
<a id="list" href="/prices.csv" download>Price list</a>
<a id="tab" href="/report" target="_blank">Report</a>
<button onclick="const a = document.createElement('a'); a.href = window.URL.createObjectURL(new Blob(['made here'])); a.download = 'Größe-报告.txt'; a.click()">Make</button>
<button onclick="setTimeout(() => document.querySelector('#list').click(), 200)">Later</button>
<a href="/endless">All of it</a><a href="/broken">Broken</a><button>Nothing</button>`;

/** Tells of each answer of `/endless` that was broken off. */
const endings = new EventEmitter();

function endless(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-disposition': 'attachment; filename="all.bin"' });
  const chunk = Buffer.alloc(1_000_000);
  const write = (): void => {
    while (response.write(chunk));
  };
  response.on('drain', write).on('close', () => endings.emit('ended'));
  write();
}

describe('file.download', () => {
  const { run, step, stored } = bench({
    '/': page,
    '/prices.csv': 'tea,3',
    '/endless': endless,
    '/driving-by': '<title>Quiet</title><iframe src="/endless"></iframe>',
    '/report': (_request, response) => {
      response.writeHead(200, { 'content-disposition': 'attachment; filename="../July & August.pdf"' });
      response.end('%PDF');
    },
    '/broken': (_request, response) => {
      response.writeHead(200, { 'content-disposition': 'attachment; filename="half.bin"', 'content-length': '1000' });
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    },
  });

  it('keeps the file as an artifact, and its name in the variable and the result', async () => {
    const [result, named] = await run(
      { command: 'file.download', target: 'Price list', variable: 'prices' },
      { command: 'misc.log', text: '{{prices}}' },
    );
    const name = 'runs/r/s/0/prices.csv';
    deepEqual([result?.status, result?.value, named?.value], ['passed', name, name]);
    deepEqual(result?.artifacts, [{ kind: 'download', name }]);
    const { body, contentType } = stored.get(name) ?? {};
    deepEqual([Buffer.from(body ?? '').toString(), contentType], ['tea,3', 'text/csv']);
  });

  it('waits for a download that begins later, in a new tab or in the page itself', async () => {
    const results = await run(
      { command: 'file.download', target: 'Later', variable: 'a' },
      { command: 'file.download', target: 'Make', variable: 'b' },
      { command: 'file.download', target: 'Report', variable: 'c' },
    );
    deepEqual(
      results.map(({ status, value }) => [status, value]),
      [
        ['passed', 'runs/r/s/0/prices.csv'],
        ['passed', 'runs/r/s/0/Größe-报告.txt'],
        ['passed', 'runs/r/s/0/_July-August.pdf'],
      ],
      JSON.stringify(results),
    );
    equal(Buffer.from(stored.get('runs/r/s/0/Größe-报告.txt')?.body ?? '').toString(), 'made here');
  });

  it('keeps two files of the same name apart', async () => {
    const [, second] = await run(
      { command: 'file.download', target: 'Price list', variable: 'a' },
      { command: 'file.download', target: 'Price list', variable: 'b' },
    );
    equal(second?.value, 'runs/r/s/0/prices-2.csv');
  });

  it('says that no download began', async () => {
    const { status, error } = await step({
      command: 'file.download',
      target: 'Nothing',
      variable: 'x',
      timeoutMs: 2500,
    });
    deepEqual([status, error?.type], ['error', 'timeout']);
    match(error?.message ?? '', /button "Nothing" started no download/);
  });

  it('says that a download broke off, and keeps nothing of it', async () => {
    const { status, error } = await step({ command: 'file.download', target: 'Broken', variable: 'x' });
    deepEqual([status, error?.type, stored.size], ['error', 'request-failed', 0], JSON.stringify(error));
  });

  it('ends a file that has no end, and keeps nothing of it', async () => {
    const ended = once(endings, 'ended');
    const result = await step({ command: 'file.download', target: 'All of it', variable: 'all', timeoutMs: 30_000 });
    deepEqual([result.status, result.error?.type], ['error', 'too-large']);
    match(result.error?.message ?? '', /all\.bin has more than 50 MB/);
    equal(stored.size, 0);
    await ended;
  });

  it('ends a file without an end that nobody has asked for', async () => {
    const ended = once(endings, 'ended');
    const [opened] = await run({ command: 'navigate.to', url: '/driving-by' });
    equal(opened?.status, 'passed');
    await ended;
  });

  it('says that there is no such element', async () => {
    const { error } = await step({ command: 'file.download', target: 'Gone', variable: 'x', timeoutMs: 100 });
    equal(error?.type, 'element-not-found');
  });
});
