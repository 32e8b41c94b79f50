/** What a descriptor in JSON says of a namespace, a message, an enum or a service. The root has no name. */
export interface Descriptor {
  readonly nested?: Readonly<Record<string, Descriptor>>;
  /** Of a message. */
  readonly fields?: Readonly<Record<string, { readonly type: string }>>;
  /** Of a service. */
  readonly methods?: Readonly<Record<string, Method>>;
}

interface Method {
  readonly requestType: string;
  readonly responseType: string;
  readonly requestStream?: boolean;
  readonly responseStream?: boolean;
}

type Path = readonly string[];

/** What stands at a path from the root. */
export const descriptorAt = (root: Descriptor, path: Path): Descriptor | undefined =>
  path.reduce<Descriptor | undefined>((at, name) => at?.nested?.[name], root);

/**
 * The part of a descriptor that a service needs: itself, and the messages that it takes and gives, with all that is in
 * them. Packages ship several times as much: previews, annotations, what describes descriptors.
 * @param service from the root: `google.pubsub.v1.Publisher`.
 */
export function partFor(root: Descriptor, service: string): Descriptor {
  const kept = new Set<string>();
  const keep = (path: Path): void => {
    const name = path.join('.');
    if (kept.has(name)) return;
    kept.add(name);
    const { methods = {}, fields = {} } = descriptorAt(root, path) ?? {};
    const named = [
      ...Object.values(methods).flatMap(({ requestType, responseType }) => [requestType, responseType]),
      ...Object.values(fields).map(({ type }) => type),
    ];
    for (const each of named) {
      const found = find(root, each, path);
      if (found) keep(found);
    }
  };
  keep(service.split('.'));
  return only(root, kept, '') ?? {};
}

/** A name is looked for where it is written, then further out, as in .proto files. Numbers and texts are nowhere. */
function find(root: Descriptor, name: string, from: Path): Path | undefined {
  const names = name.replace(/^\./, '').split('.');
  const outermost = name.startsWith('.') ? 0 : from.length;
  for (let depth = outermost; depth >= 0; depth--) {
    const path = [...from.slice(0, depth), ...names];
    if (descriptorAt(root, path)) return path;
  }
  return undefined;
}

/** A descriptor with what is kept, and what that stands in as mere namespaces. */
function only({ nested, ...own }: Descriptor, kept: ReadonlySet<string>, name: string): Descriptor | undefined {
  const inside = Object.entries(nested ?? {}).flatMap(([inner, descriptor]) => {
    const part = only(descriptor, kept, name === '' ? inner : `${name}.${inner}`);
    return part ? [[inner, part] as const] : [];
  });
  if (inside.length === 0) return kept.has(name) ? own : undefined;
  return { ...(kept.has(name) ? own : {}), nested: Object.fromEntries(inside) };
}
