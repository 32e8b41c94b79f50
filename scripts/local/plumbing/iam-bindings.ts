/** Who has a role: `google.iam.v1.Binding`, and that of the JSON APIs. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly condition?: unknown;
}

const ROLE = /^(projects\/[^/]+\/|organizations\/[^/]+\/)?roles\/[\w.]+$/;
const MEMBER = /^(allUsers|allAuthenticatedUsers|\w+:.+)$/;

/** Why a binding cannot be one, in Google's words where they are known; undefined when it can. */
export function faultOfBinding({ role, members }: Partial<Record<keyof Binding, unknown>>): string | undefined {
  if (typeof role !== 'string' || !ROLE.test(role)) return `Role ${String(role)} is not supported for this resource.`;
  const wrong = Array.isArray(members) ? members.find((member) => !MEMBER.test(String(member))) : 'list';
  if (wrong === undefined) return undefined;
  return `Invalid member ${String(wrong)} of ${role}: each is allUsers, allAuthenticatedUsers or TYPE:NAME.`;
}

/** Bindings as IAM keeps them: those of the same role and condition are one, those without members are left out. */
export function mergeBindings<B extends Binding>(bindings: readonly B[]): B[] {
  const merged = new Map<string, B>();
  for (const binding of bindings) {
    const key = JSON.stringify([binding.role, binding.condition ?? null]);
    const members = new Set([...(merged.get(key)?.members ?? []), ...binding.members]);
    if (members.size > 0) merged.set(key, { ...binding, members: [...members] });
  }
  return [...merged.values()];
}
