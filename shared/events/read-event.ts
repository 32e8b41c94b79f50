import { type CloudEvent, cloudEvent, type EventType, eventData } from '../../schemas/events.ts';
import { AppError } from '../platform/errors.ts';

/**
 * Reads one of the suite's own events from a message and checks it against the schema of its type. An event of a type
 * that is not known here passes with its envelope checked: a newer function may publish it.
 * @throws AppError invalid-argument that says what is wrong.
 */
export function readEvent(data: Buffer): CloudEvent {
  const envelope = parse(data);
  if (!cloudEvent.accepts(envelope)) throw refusal('The message is not a CloudEvent.', cloudEvent.problems(envelope));
  const { type } = envelope;
  const problems = isKnown(type) ? eventData[type].problems(envelope.data) : [];
  if (problems.length > 0) throw refusal(`The event of type ${type} breaks its schema.`, problems);
  return envelope;
}

const isKnown = (type: string): type is EventType => Object.hasOwn(eventData, type);

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch (cause) {
    throw new AppError('invalid-argument', 'The message is not JSON.', { cause });
  }
}

function refusal(message: string, problems: readonly { pointer: string; message: string }[]): AppError {
  const [first] = problems;
  const where = first ? ` ${first.pointer || '/'}: ${first.message}` : '';
  return new AppError('invalid-argument', `${message}${where}`, {
    details: problems.map((problem) => ({ ...problem })),
  });
}
