import { basename } from 'node:path';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type { HttpTrigger, Trigger } from '../../../shared/define/trigger.ts';
import { usesOf } from '../../../shared/define/uses.ts';
import { settings } from '../../../shared/platform/configuration.ts';
import { reasons } from './dependencies.ts';
import { eventRows } from './events.ts';
import { platform } from './platform.ts';

interface PackageJson {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/** The parts of the README that follow from the declarations, by the name of their markers. */
export function sections(functions: readonly AnyFunction[], packageJson: PackageJson): Record<string, string> {
  return {
    functions: functionsTable(functions),
    routes: routesTable(functions),
    events: table(['event', 'what it tells', 'webhooks', 'data'], eventRows()),
    configuration: configurationTable(),
    dependencies: dependenciesTable(packageJson),
    diagram: diagram(functions),
    platform: platformTable(),
  };
}

/** A Markdown table whose columns line up. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(cells[0] ?? []), line(head.map(() => '---')), ...cells.slice(1).map(line)].join('\n');
}

export function triggerWords(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'http':
      return 'HTTP';
    case 'task':
      return `task of \`${trigger.queue.name}\``;
    case 'topic':
      return `topic \`${trigger.topic.name}\``;
    case 'document':
      return `document of \`${trigger.collection.name}\` ${trigger.change}`;
    case 'object':
      return `object of \`${trigger.bucket.name}\` ${trigger.event}`;
    case 'schedule':
      return `schedule \`${trigger.cron}\``;
  }
}

function functionsTable(functions: readonly AnyFunction[]): string {
  const rows = functions.map((declared) => [
    `\`${declared.name}\``,
    triggerWords(declared.trigger),
    declared.summary,
    `${declared.memory}, ${declared.cpu} CPU, ${declared.concurrency}`,
    `${declared.timeoutSeconds} s`,
  ]);
  return table(['function', 'trigger', 'what it does', 'memory, CPU, concurrency', 'timeout'], rows);
}

function routesTable(functions: readonly AnyFunction[]): string {
  const rows = functions
    .filter(({ trigger }) => trigger.kind === 'http')
    .flatMap(({ trigger }) => (trigger as HttpTrigger).routes)
    .map((route) => [
      `\`${route.method} ${route.path.replace('/:file{report(\\.(html|json|xml))?}', '/report[.html|.json|.xml]')}\``,
      route.summary,
      typeof route.access === 'string' ? route.access : `\`${route.access.scope}\``,
    ]);
  return table(['route', 'what it does', 'scope'], rows);
}

function configurationTable(): string {
  const rows = Object.values(settings).map(({ variable, fallback, description }) => [
    `\`${variable}\``,
    description,
    fallback === '' ? '' : `\`${fallback}\``,
  ]);
  return table(['variable', 'what it sets', 'default'], rows);
}

function dependenciesTable({ dependencies, devDependencies }: PackageJson): string {
  const row =
    (use: string) =>
    ([name, version]: [string, string]) => [`\`${name}\` ${version}`, use, reasonOf(name)];
  const rows = [
    ...Object.entries(dependencies).map(row('run time')),
    ...Object.entries(devDependencies).map(row('development')),
  ];
  return table(['dependency', 'used at', 'reason'], rows);
}

function reasonOf(name: string): string {
  const reason = Object.hasOwn(reasons, name) ? reasons[name] : undefined;
  if (!reason)
    throw new Error(
      `${name} has no reason: say in scripts/deploy/readme/dependencies.ts why it is needed, or remove it`,
    );
  return reason;
}

function platformTable(): string {
  const rows = platform.map(({ line, where, checked, note = '' }) => [
    line,
    where.map((file) => `[${basename(file)}](${file})`).join(', '),
    checked.join(', '),
    note,
  ]);
  return table(['the description says', 'where it is', 'how it was checked', 'what is other'], rows);
}

/** Who causes what, as a Mermaid flowchart: resources are the places where functions meet. */
function diagram(functions: readonly AnyFunction[]): string {
  const nodes = new Map<string, string>();
  const edges = new Set<string>();
  const id = (kind: string, name: string) => `${kind}_${name.replaceAll('*', 'x').replaceAll(/\W/g, '_')}`;
  const place = (kind: string, name: string): string => {
    nodes.set(id(kind, name), shapes[kind]?.(name) ?? name);
    return id(kind, name);
  };
  for (const declared of functions) {
    const { name, trigger } = declared;
    const self = id('function', name);
    nodes.set(self, `["${name}"]`);
    const source = sourceOf(trigger);
    if (source) edges.add(`${place(source.kind, source.name)} --> ${self}`);
    for (const { access, resource } of usesOf(declared)) {
      if (access === 'write' && resource.kind !== 'secret')
        edges.add(`${self} --> ${place(resource.kind, resource.name)}`);
    }
  }
  const lines = [...[...nodes].map(([node, shape]) => `  ${node}${shape}`), ...[...edges].map((edge) => `  ${edge}`)];
  return ['```mermaid', 'flowchart LR', ...lines, '```'].join('\n');
}

const shapes: Readonly<Record<string, (name: string) => string>> = {
  client: (name) => `(["${name}"])`,
  collection: (name) => `[("${name}")]`,
  bucket: (name) => `[/"${name}"/]`,
  topic: (name) => `>"${name}"]`,
  queue: (name) => `{{"${name}"}}`,
  table: (name) => `[("${name}")]`,
  schedule: (name) => `(("${name}"))`,
};

function sourceOf(trigger: Trigger): { kind: string; name: string } | undefined {
  switch (trigger.kind) {
    case 'http':
      return { kind: 'client', name: 'clients' };
    case 'task':
      return { kind: 'queue', name: trigger.queue.name };
    case 'topic':
      return { kind: 'topic', name: trigger.topic.name };
    case 'document':
      return { kind: 'collection', name: trigger.collection.name };
    case 'object':
      return { kind: 'bucket', name: trigger.bucket.name };
    case 'schedule':
      return { kind: 'schedule', name: trigger.cron };
  }
}
