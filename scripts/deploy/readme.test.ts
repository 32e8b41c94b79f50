import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { functions } from '../../functions/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { eventData } from '../../schemas/events.ts';
import { settings } from '../../shared/platform/configuration.ts';
import { reasons } from './readme/dependencies.ts';
import { platform } from './readme/platform.ts';
import { sections } from './readme/sections.ts';
import { fill } from './readme.ts';

const parts = sections(functions, packageJson);
const part = (name: string): string => parts[name] ?? assert.fail(name);
/** Cells of a Markdown table; a bar that is escaped divides nothing. */
const cellsOf = (table: string): string[][] =>
  table.split('\n').map((line) => {
    assert.ok(line.startsWith('| ') && line.endsWith(' |'), line);
    return line.slice(2, -2).split(' | ');
  });

describe('the generated parts of the README', () => {
  for (const name of ['functions', 'routes', 'events', 'configuration', 'dependencies'])
    it(`are tables of as many cells in every row: ${name}`, () => {
      const [head = [], rule = [], ...rows] = cellsOf(part(name));
      assert.ok(rows.length > 0);
      assert.ok(rule.every((cell) => cell === '---'));
      for (const row of [rule, ...rows]) assert.equal(row.length, head.length, row.join(' | '));
      for (const row of rows) assert.match(row[0] ?? '', /^`.+`/);
    });

  it('tell of every type of event, and of all that it says', () => {
    const rows = cellsOf(part('events')).slice(2);
    assert.deepEqual(rows.map(([type]) => type?.replaceAll('`', '')).sort(), Object.keys(eventData).sort());
    const row = rows.find(([type]) => type === '`run.completed`') ?? [];
    assert.equal(row[2], 'yes');
    for (const [name, required] of [
      ['status', true],
      ['duration_ms', true],
      ['commit', false],
    ] as const)
      assert.ok(row[3]?.includes(required ? `\`${name}\` ` : `\`${name}\`? `), row[3]);
    assert.ok(!row[3]?.includes('user_id'));
  });

  it('name every function, variable and dependency once', () => {
    const names = (name: string) =>
      cellsOf(part(name))
        .slice(2)
        .map(([cell = '']) => cell.match(/`(.+?)`/)?.[1]);
    assert.deepEqual(
      names('functions'),
      functions.map(({ name }) => name),
    );
    assert.deepEqual(
      names('configuration'),
      Object.values(settings).map(({ variable }) => variable),
    );
    const all = { ...packageJson.dependencies, ...packageJson.devDependencies };
    assert.deepEqual(names('dependencies'), Object.keys(all));
  });

  it('say every route with its method and who may call it', () => {
    const routes = cellsOf(part('routes')).slice(2);
    for (const [route = '', , scope = ''] of routes) {
      assert.match(route, /^`(GET|POST|PUT|PATCH|DELETE) \/\S*`$/);
      assert.match(scope, /^(public|authenticated|`[a-z-]+:[a-z]+`)$/);
    }
    assert.equal(new Set(routes.map(([route]) => route)).size, routes.length);
    const named = routes.map(([route]) => route);
    assert.ok(named.includes('`GET /v1/runs/:id/report[.html\\|.json\\|.xml]`'));
  });

  it('draw every function, and no edge to what is not drawn', () => {
    const lines = part('diagram').split('\n');
    assert.deepEqual([lines[0], lines[1], lines.at(-1)], ['```mermaid', 'flowchart LR', '```']);
    const drawn = new Set(lines.flatMap((line) => line.match(/^ {2}(\w+)[[({>]/)?.[1] ?? []));
    const edges = lines.flatMap((line) => {
      const [, from, to] = line.match(/^ {2}(\w+) --> (\w+)$/) ?? [];
      return from && to ? [[from, to] as const] : [];
    });
    assert.equal(drawn.size + edges.length, lines.length - 3);
    for (const id of edges.flat()) assert.ok(drawn.has(id), id);
    for (const { name } of functions) assert.ok(drawn.has(`function_${name.replaceAll('-', '_')}`), name);
  });

  it('demand a reason for each dependency, and say where to give it', () => {
    assert.throws(
      () => sections(functions, { dependencies: { 'left-pad': '1.0.0' }, devDependencies: {} }),
      /left-pad has no reason: say in scripts\/deploy\/readme\/dependencies\.ts why it is needed, or remove it/,
    );
    assert.throws(() => sections([], { dependencies: { constructor: '1.0.0' }, devDependencies: {} }), /has no reason/);
  });

  it('give no reasons for what is not there', () => {
    const all = { ...packageJson.dependencies, ...packageJson.devDependencies };
    assert.deepEqual(
      Object.keys(reasons).filter((name) => !Object.hasOwn(all, name)),
      [],
    );
  });
});

describe('filling the README', () => {
  it('replaces what stands between the markers, and nothing else', () => {
    const text = 'a <!-- b --> old <!-- /b --> c\n<!-- d --><!-- /d -->';
    assert.equal(
      fill(text, { b: '$& $1', d: 'x' }),
      'a <!-- b -->\n\n$& $1\n\n<!-- /b --> c\n<!-- d -->\n\nx\n\n<!-- /d -->',
    );
  });

  it('is the same when it is done again', async () => {
    const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const once = fill(text, parts);
    assert.equal(fill(once, parts), once);
  });

  it('tells of a place that is missing, and how to make one', () => {
    for (const text of ['nothing', '<!-- b --> not closed', '<!-- /b --><!-- b -->'])
      assert.throws(() => fill(text, { b: 'x' }), /README\.md has no place for 'b': add <!-- b --><!-- \/b -->/);
  });
});

describe('the table of the platform', () => {
  it('names files that are there, and none for what is not', () => {
    for (const { line, where, checked } of platform) {
      assert.equal(where.length === 0, checked.includes('not there yet'), line);
      for (const file of where) assert.ok(existsSync(new URL(`../../${file}`, import.meta.url)), `${line}: ${file}`);
    }
  });
});
