import { Metadata, type StatusObject, status } from '@grpc/grpc-js';

const MESSAGE =
  'Some acknowledgement ids in the request were invalid. This could be because the acknowledgement ids have expired or ' +
  'the acknowledgement ids were malformed.';

/**
 * The status of a call with ack ids that an exactly-once subscription refuses: a `google.rpc.ErrorInfo` names each of
 * them PERMANENT_FAILURE_INVALID_ACK_ID; the ids it does not name have succeeded.
 * @see https://cloud.google.com/pubsub/docs/exactly-once-delivery
 */
export function ackFailure(refused: readonly string[]): StatusObject & Error {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', statusDetails(refused));
  const code = status.FAILED_PRECONDITION;
  return Object.assign(new Error(MESSAGE), { code, details: MESSAGE, metadata });
}

/** `google.rpc.Status` with one `google.rpc.ErrorInfo`, encoded. */
function statusDetails(refused: readonly string[]): Buffer {
  const info = Buffer.concat([
    field(1, 'EXACTLY_ONCE_ACKID_FAILURE'),
    field(2, 'pubsub.googleapis.com'),
    ...refused.map((id) => field(3, Buffer.concat([field(1, id), field(2, 'PERMANENT_FAILURE_INVALID_ACK_ID')]))),
  ]);
  const any = Buffer.concat([field(1, 'type.googleapis.com/google.rpc.ErrorInfo'), field(2, info)]);
  return Buffer.concat([Buffer.from([0x08, status.FAILED_PRECONDITION]), field(2, MESSAGE), field(3, any)]);
}

/** A length-delimited protobuf field. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
