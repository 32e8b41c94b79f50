import { type Need, type Needs, reading, writing } from './needs.ts';

/** A write of Firestore, as far as it says what it writes to. */
interface Write {
  readonly update?: { readonly name: string };
  readonly delete?: string;
  readonly verify?: string;
  readonly transform?: { readonly document: string };
}
interface Query {
  readonly parent?: string;
  readonly structuredQuery?: { readonly from?: readonly { readonly collectionId: string }[] };
  readonly structuredAggregationQuery?: Query;
}
interface Target {
  readonly addTarget?: {
    readonly targetId: number;
    readonly documents?: { readonly documents: readonly string[] };
    readonly query?: Query;
  };
}

/** What a call of Firestore's API needs, by its method; undefined for one that touches no document. */
export function firestoreNeeds(method: string, request: Readonly<Record<string, unknown>>): Needs | undefined {
  switch (method) {
    case 'GetDocument':
      return [readsDocument(String(request.name))];
    case 'BatchGetDocuments':
      return (request.documents as string[]).map(readsDocument);
    case 'ListDocuments':
      return [reading('collection', String(request.collectionId))];
    case 'RunQuery':
    case 'RunAggregationQuery':
    case 'PartitionQuery':
      return readsQuery(request as Query);
    case 'Listen':
      return readsTarget(request as Target);
    case 'Commit':
    case 'BatchWrite':
    case 'Write':
      return ((request.writes ?? []) as Write[]).map(needOfWrite);
    case 'BeginTransaction':
    case 'Rollback':
      return undefined;
    default:
      return 'refused';
  }
}

/** How a listener is told that it may not listen: its target is taken away. Undefined for any other message. */
export function listenRefusal(path: string, message: unknown, error: { code: number; message: string }) {
  const { addTarget } = (message ?? {}) as Target;
  if (path !== '/google.firestore.v1.Firestore/Listen' || !addTarget) return undefined;
  const { code, message: words } = error;
  return {
    targetChange: { targetChangeType: 'REMOVE', targetIds: [addTarget.targetId], cause: { code, message: words } },
  };
}

/** `runs` of `…/documents/runs/run_1`, `log` of `…/documents/runs/run_1/log/1`. */
const collectionOf = (document: string): string => document.split('/').at(-2) ?? '';
const readsDocument = (name: string): Need => reading('collection', collectionOf(name));

function readsQuery({ structuredQuery, structuredAggregationQuery }: Query): Need[] {
  const from = (structuredQuery ?? structuredAggregationQuery?.structuredQuery)?.from ?? [];
  return from.map(({ collectionId }) => reading('collection', collectionId));
}

function readsTarget({ addTarget }: Target): Need[] {
  if (addTarget?.query) return readsQuery(addTarget.query);
  return (addTarget?.documents?.documents ?? []).map(readsDocument);
}

function needOfWrite({ update, delete: gone, verify, transform }: Write): Need {
  if (verify) return readsDocument(verify);
  return writing('collection', collectionOf(update?.name ?? gone ?? transform?.document ?? ''));
}
