import type { EventType } from '../../schemas/events.ts';
import type { TopicInput } from '../../shared/define/trigger.ts';
import type { NewDelivery } from '../../shared/domain/deliveries.ts';

/** What happens at the same moment is told in this order: what is not named, between them. */
const first: readonly EventType[] = ['run.created', 'run.started', 'session.opened', 'session.started'];
const last: readonly EventType[] = [
  'session.completed',
  'session.closed',
  'run.cancelled',
  'run.completed',
  'report.ready',
];
const UNNAMED = 50;

/** Where an event stands among those of its run, or of its live session, for an endpoint that wants order. */
export function orderOf(webhookId: string, { id, type, time, data }: TopicInput): NewDelivery['order'] {
  const { run_id, session_id } = data as Record<string, string | undefined>;
  const subject = run_id ?? session_id;
  return subject === undefined
    ? undefined
    : { key: `${webhookId} ${subject}`, place: `${new Date(time).toISOString()} ${rankOf(type)} ${id}` };
}

function rankOf(type: string): number {
  const [early, late] = [first, last].map((types) => (types as readonly string[]).indexOf(type)) as [number, number];
  if (early >= 0) return UNNAMED - first.length + early;
  return late >= 0 ? UNNAMED + 1 + late : UNNAMED;
}
