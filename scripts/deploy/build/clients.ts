import { copyFileSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { replaceFolder } from './folders.ts';
import type { Freshness } from './freshness.ts';
import { BANNER } from './packages.ts';

/** The client packages, and what the suite uses of each. Named here because CommonJS does not say what it exports. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  '@google-cloud/bigquery': ['BigQuery'],
  '@google-cloud/firestore': ['AggregateField', 'FieldPath', 'FieldValue', 'Filter', 'Firestore', 'Timestamp'],
  '@google-cloud/pubsub': ['PubSub', 'v1'],
  '@google-cloud/secret-manager': ['SecretManagerServiceClient'],
  '@google-cloud/storage': ['Storage'],
  '@google-cloud/tasks': ['CloudTasksClient'],
  '@grpc/grpc-js': ['credentials'],
};

const IN_BUNDLE = './clients/';
const FILES = 'files.json';
const ENTRY = 'client:';

/** Turns the clients' imports into those of `clients/` beside the bundle. */
export const clientsPlugin: Plugin = {
  name: 'clients',
  setup(build) {
    build.onResolve({ filter: /^@(google-cloud|grpc)\// }, ({ path }) =>
      CLIENTS[path] ? { path: `${IN_BUNDLE}${fileOf(path)}`, external: true } : undefined,
    );
  },
};

/**
 * The clients, bundled once for all functions: loading one takes four fifths of the time that loading it from its
 * package takes. They share what they have in common, and each is a file of its own, loaded when it is first used.
 */
export class Clients {
  readonly #project: string;
  readonly #folder: string;
  readonly #freshness: Freshness;
  #built: Promise<void> | undefined;

  /** @param folder where they are kept between builds. */
  constructor(project: string, folder: string, freshness: Freshness) {
    this.#project = project;
    this.#folder = folder;
    this.#freshness = freshness;
  }

  /**
   * Puts those that a bundle uses into its folder.
   * @throws Error when the bundle's sources use something of a client that is not in the table above.
   */
  async install(folder: string, metafile: Metafile): Promise<void> {
    const used = Object.keys(CLIENTS).filter((name) => importersOf(name, metafile).length > 0);
    for (const name of used) for (const importer of importersOf(name, metafile)) this.#check(name, importer);
    if (used.length === 0) return;
    this.#built ??= this.#build();
    await this.#built;
    const files = JSON.parse(readFileSync(join(this.#folder, FILES), 'utf8')) as Record<string, string[]>;
    mkdirSync(join(folder, IN_BUNDLE), { recursive: true });
    for (const file of new Set(used.flatMap((name) => files[fileOf(name)] ?? []))) {
      linkOrCopy(join(this.#folder, file), join(folder, IN_BUNDLE, file));
    }
  }

  /** Everything between the braces of the importer's imports of the client must be exported by it. */
  #check(name: string, importer: string): void {
    const source = readFileSync(join(this.#project, importer), 'utf8');
    const quoted = `['"]${name}['"]`;
    const imports = new RegExp(
      `(?<!import type )\\{([^{}]*)\\}\\s*(?:=\\s*await\\s+import\\(\\s*${quoted}|from\\s+${quoted})`,
      'g',
    );
    const names = [...source.matchAll(imports)].flatMap(([, list = '']) => list.split(','));
    for (const given of names.map((text) => text.replace(/\s+as\s.*|:.*/s, '').trim())) {
      if (given === '' || given.startsWith('type ') || CLIENTS[name]?.includes(given)) continue;
      throw new Error(`${importer} uses ${given} of ${name}: add it to the table in scripts/deploy/build/clients.ts`);
    }
  }

  async #build(): Promise<void> {
    if (this.#freshness.isFresh(this.#folder)) return;
    await replaceFolder(this.#folder, async (outdir) => {
      const { metafile } = await build({
        entryPoints: Object.keys(CLIENTS).map((name) => ({ in: `${ENTRY}${name}`, out: fileOf(name).slice(0, -4) })),
        ...{ absWorkingDir: this.#project, outdir, outExtension: { '.js': '.mjs' }, banner: { js: BANNER } },
        ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24' },
        ...{ minify: true, keepNames: true, metafile: true, logLevel: 'silent' },
        plugins: [entries(this.#project), inlineJson],
      });
      writeFileSync(join(outdir, FILES), JSON.stringify(filesOf(metafile)));
      this.#freshness.record(outdir, []);
    });
  }
}

/** Entries that export by name what the table says. `require` because the packages' ES modules read files by path. */
const entries = (project: string): Plugin => ({
  name: 'client-entries',
  setup(build) {
    build.onResolve({ filter: /^client:/ }, ({ path }) => ({ path: path.slice(ENTRY.length), namespace: 'client' }));
    build.onLoad({ filter: /.*/, namespace: 'client' }, ({ path }) => {
      const names = CLIENTS[path]?.join(', ') ?? '';
      const contents = `const { ${names} } = require('${path}');\nexport { ${names} };`;
      return { contents, resolveDir: project, loader: 'js' };
    });
  },
});

/** Some generated clients read JSON by a path that they put together from their own: said as a `require`, it is bundled. */
const inlineJson: Plugin = {
  name: 'inline-json',
  setup(build) {
    build.onLoad({ filter: /@google-cloud.*_client\.cjs$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replace(
        /\(0, _jsonHelper\.getJSON\)\(_path\["default"\]\.join\(dirname, ([^)]*)\)\)/g,
        (_, parts: string) =>
          `require('./${parts
            .split(', ')
            .map((part) => part.slice(1, -1))
            .join('/')}')`,
      );
      if (contents.includes('_jsonHelper.getJSON')) {
        throw new Error(`${path} reads JSON in a way that cannot be bundled: mend scripts/deploy/build/clients.ts`);
      }
      return { contents, loader: 'js' };
    });
  },
};

/** `google-cloud-tasks.mjs` */
function fileOf(name: string): string {
  return `${name.replace('@', '').replace('/', '-')}.mjs`;
}

/** The project's own sources that import the client. */
function importersOf(name: string, { inputs }: Metafile): string[] {
  const path = `${IN_BUNDLE}${fileOf(name)}`;
  return Object.keys(inputs).filter((input) => inputs[input]?.imports.some((imported) => imported.path === path));
}

/** For each entry, the files that it consists of. */
function filesOf({ outputs }: Metafile): Record<string, string[]> {
  const base = (path: string) => path.slice(dirname(path).length + 1);
  const reach = (path: string, seen: Set<string>): Set<string> => {
    if (seen.has(path)) return seen;
    seen.add(path);
    for (const { path: next, external } of outputs[path]?.imports ?? []) if (!external) reach(next, seen);
    return seen;
  };
  const entryPoints = Object.keys(outputs).filter((path) => outputs[path]?.entryPoint?.startsWith('client:'));
  return Object.fromEntries(entryPoints.map((path) => [base(path), [...reach(path, new Set())].map(base)]));
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
