import type { AnyFunction } from '../../../shared/define/function.ts';
import { usesOf } from '../../../shared/define/uses.ts';
import type { Need, Needs } from './needs.ts';

/** A function's service account, and what its declaration allows it. */
export interface Account {
  readonly email: string;
  readonly function: string;
  /** What the declaration does not allow, in words; undefined when all is allowed. */
  refusal(needs: Needs): string | undefined;
}

const key = ({ access, kind, name }: Need): string => `${access} ${kind} ${name}`;

/** The service account of a function, as Terraform names it. */
export function accountOf(declared: AnyFunction, project: string): Account {
  const allowed = new Set<string>();
  for (const { access, resource } of usesOf(declared)) {
    const { kind, name } = resource;
    allowed.add(key({ access, kind, name }));
    // Who may write may read, but for secrets and topics, whose writers get nothing to see.
    if (access === 'write' && kind !== 'secret' && kind !== 'topic') allowed.add(key({ access: 'read', kind, name }));
    if (kind === 'secret') allowed.add(key({ access: 'read', kind: 'versions-of-secret', name }));
    if (kind === 'view') allowed.add(key({ access: 'read', kind: 'table', name }));
  }
  const queries = usesOf(declared).some(
    ({ access, resource }) => access === 'read' && ['table', 'view'].includes(resource.kind),
  );
  return {
    email: `fn-${declared.name}@${project}.iam.gserviceaccount.com`,
    function: declared.name,
    refusal(needs) {
      if (needs === 'refused') return 'no declared use of a function allows this';
      if (needs === 'query')
        return queries ? undefined : 'its declaration has no use that lets it read a table or a view';
      const lacking = needs.find((need) => !allowed.has(key(need)));
      return (
        lacking && `its declaration has no use that lets it ${lacking.access} the ${lacking.kind} '${lacking.name}'`
      );
    },
  };
}
