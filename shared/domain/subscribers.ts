import type { DocumentReference, DocumentSnapshot, Firestore, Transaction } from '@google-cloud/firestore';
import type { WebhookEntity } from '../../schemas/entities.ts';
import { subscribersCollection } from '../resources/collections.ts';

/** What fan-out has to know of an endpoint. */
export type Subscriber = Pick<WebhookEntity, (typeof known)[number]>;

const known = ['id', 'user_id', 'events', 'filters', 'payload', 'format', 'ordered'] as const;

/** A page is read with every event: as many subscribers as a document of 1 MiB has surely room for. */
const MOST_ON_A_PAGE = 500;
const MOST_BYTES = 700_000;

/**
 * The active endpoints of a user on pages, each a document, so that an event costs one read a page and not one an
 * endpoint. They change in the transaction that changes the endpoint. A subscriber is one text: nothing in it is indexed.
 */
export interface PageDocument {
  readonly user_id: string;
  /** False when it is full. */
  readonly room: boolean;
  readonly subscribers: Readonly<Record<string, string>>;
}

/** Pages of endpoints that are all of one user and on no page yet. */
export function pagesOf(webhooks: readonly WebhookEntity[]): PageDocument[] {
  return Array.from({ length: Math.ceil(webhooks.length / MOST_ON_A_PAGE) }, (_, n) => {
    const some = webhooks.slice(n * MOST_ON_A_PAGE, (n + 1) * MOST_ON_A_PAGE);
    const subscribers = Object.fromEntries(some.map((webhook) => [webhook.id, textOf(webhook)]));
    return { user_id: some[0]?.user_id ?? '', room: some.length < MOST_ON_A_PAGE, subscribers };
  });
}

/** Those of a user, of all pages. */
export async function subscribersOf(firestore: Firestore, userId: string): Promise<Subscriber[]> {
  const { docs } = await firestore.collection(subscribersCollection.name).where('user_id', '==', userId).get();
  return docs.flatMap((page) =>
    Object.values((page.data() as PageDocument).subscribers).map((text) => JSON.parse(text) as Subscriber),
  );
}

/**
 * Reads what is to be read for a change of an endpoint's place on the pages.
 * @param before undefined when it is new
 * @param after undefined when it is deleted
 * @returns the page that it is on afterwards, and what writes that
 */
export async function movePages(
  firestore: Firestore,
  transaction: Transaction,
  before: WebhookEntity | undefined,
  after: WebhookEntity | undefined,
): Promise<{ page: string | undefined; write: () => void }> {
  const pages = firestore.collection(subscribersCollection.name);
  const listed = after?.active ? textOf(after) : undefined;
  const own = before?.page === undefined ? undefined : pages.doc(before.page);
  if (own && before && listed !== undefined && listed === textOf(before)) return { page: own.id, write: () => {} };
  const current = own && (await transaction.get(own));
  if (listed === undefined || !after) return { page: undefined, write: () => remove(transaction, current, before) };
  if (current?.exists && hasRoom(without(current, after.id), listed))
    return { page: current.id, write: () => put(transaction, current.ref, without(current, after.id), after, listed) };
  const free = pages.where('user_id', '==', after.user_id).where('room', '==', true).limit(1);
  const found = (await transaction.get(free)).docs.find(({ id }) => id !== own?.id);
  const fits = found && hasRoom(without(found, after.id), listed) ? found : undefined;
  const ref = fits?.ref ?? pages.doc();
  return {
    page: ref.id,
    write() {
      remove(transaction, current, before);
      put(transaction, ref, fits ? without(fits, after.id) : {}, after, listed);
    },
  };
}

function textOf(webhook: WebhookEntity): string {
  return JSON.stringify(Object.fromEntries(known.map((name) => [name, webhook[name]])));
}

function without(page: DocumentSnapshot, webhookId: string): Record<string, string> {
  const { [webhookId]: _gone, ...others } = (page.data() as PageDocument | undefined)?.subscribers ?? {};
  return others;
}

function hasRoom(others: Readonly<Record<string, string>>, text = ''): boolean {
  const texts = [...Object.values(others), text];
  return (
    texts.length <= MOST_ON_A_PAGE && texts.reduce((bytes, one) => bytes + Buffer.byteLength(one), 0) <= MOST_BYTES
  );
}

function put(
  transaction: Transaction,
  ref: DocumentReference,
  others: Readonly<Record<string, string>>,
  { id, user_id }: WebhookEntity,
  text: string,
): void {
  const subscribers = { ...others, [id]: text };
  transaction.set(ref, { user_id, room: Object.keys(subscribers).length < MOST_ON_A_PAGE, subscribers });
}

function remove(transaction: Transaction, page: DocumentSnapshot | undefined, before: WebhookEntity | undefined): void {
  if (!page?.exists || !before) return;
  const subscribers = without(page, before.id);
  if (Object.keys(subscribers).length === 0) transaction.delete(page.ref);
  else transaction.set(page.ref, { user_id: before.user_id, room: true, subscribers });
}
