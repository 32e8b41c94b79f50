import { eventSummaries } from '../../../schemas/event-summaries.ts';
import { type EventType, eventData } from '../../../schemas/events.ts';
import { subscribableTypes } from '../../../shared/events/catalogue.ts';

/** The part of a JSON Schema that is told of. */
interface Shape {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

/** Rows of a table of all types of events: those that endpoints may subscribe to first. */
export function eventRows(): string[][] {
  const types = Object.keys(eventData) as EventType[];
  const subscribable = types.filter((type) => subscribableTypes.includes(type));
  const others = types.filter((type) => !subscribableTypes.includes(type));
  return [...subscribable, ...others].map((type) => [
    `\`${type}\``,
    eventSummaries[type],
    subscribableTypes.includes(type) ? 'yes' : '',
    fieldsOf(eventData[type].schema as Shape),
  ]);
}

/** `status` (passed, failed), `error_type`? */
function fieldsOf({ properties = {}, required = [] }: Shape): string {
  return Object.entries(properties)
    .filter(([name]) => name !== 'user_id')
    .map(([name, shape]) => `\`${name}\`${required.includes(name) ? '' : '?'} ${wordsOf(shape)}`)
    .join(', ');
}

function wordsOf({ type, format, enum: values, items, properties }: Shape): string {
  if (values) return `(${values.join(' or ')})`;
  if (items) return `list of ${wordsOf(items)}`;
  if (properties) return `{${Object.keys(properties).join(', ')}}`;
  return format === undefined ? (type ?? 'anything') : format;
}
