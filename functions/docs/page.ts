/** The part of an OpenAPI document that the page shows. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
  readonly 'x-scope'?: string;
}

const style = `
:root { color-scheme: light dark; --line: #8884; --quiet: #8889; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
nav a { margin-right: 1rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow: auto; background: var(--line); padding: .6rem; border-radius: 6px; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 600; }
.quiet { color: GrayText; }
table { border-collapse: collapse; } td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
`;

/** The API's description as one page without scripts. */
export function renderPage({ info, tags, paths }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<h2 id="${text(name)}">${text(name)}</h2>${own.map(renderOperation).join('')}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(info.title)}</title><style>${style}</style></head><body>
<h1>${text(info.title)} <span class="quiet">${text(info.version)}</span></h1>
<p>${text(info.description ?? '')}</p>
<p><a href="/v1/openapi.json">OpenAPI 3.1 document</a></p>
<nav>${tags.map(({ name }) => `<a href="#${text(name)}">${text(name)}</a>`).join('')}</nav>
${sections.join('\n')}</body></html>`;
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { summary, parameters = [], requestBody, responses } = operation;
  const scope = operation['x-scope'] ?? 'public';
  const rows = parameters.map(
    ({ name, in: where, required, description = '' }) =>
      `<tr><td><code>${text(name)}</code></td><td class="quiet">${text(where)}${required ? ', required' : ''}</td><td>${text(description)}</td></tr>`,
  );
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) =>
      `<p>Body: <code>${text(type)}</code></p><pre>${text(JSON.stringify(schema, null, 2))}</pre>`,
  );
  const answers = Object.entries(responses).map(
    ([status, { description = 'A refusal: problem details' }]) =>
      `<tr><td><code>${text(status)}</code></td><td>${text(description)}</td></tr>`,
  );
  return `<details><summary><span class="method">${method.toUpperCase()}</span> <code>${text(path)}</code> ${text(summary)}</summary>
<p class="quiet">Needs: ${text(scope)}</p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}${bodies.join('')}
<p>Answers</p><table>${answers.join('')}</table></details>`;
}

function text(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
