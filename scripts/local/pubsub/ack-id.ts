import { invalid } from './names.ts';

/** Which delivery of which message an ack id stands for. */
export interface AckRef {
  /** The subscription's number. */
  readonly holder: number;
  /** The message's. */
  readonly id: number;
  /** The lease's. */
  readonly serial: number;
}

/** The ack id of a delivery: opaque to clients, and valid across restarts. */
export function ackId({ holder, id, serial }: AckRef): string {
  return Buffer.from(`${holder}:${id}:${serial}`).toString('base64url');
}

/** What an ack id stands for, undefined when it is not one of this subscription. */
export function readAckId(text: string, holder: number): AckRef | undefined {
  const match = /^(\d+):(\d+):(\d+)$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (!match || Number(match[1]) !== holder) return undefined;
  return { holder, id: Number(match[2]), serial: Number(match[3]) };
}

/** @throws RpcError INVALID_ARGUMENT when it is not an ack id of this subscription. */
export function parseAckId(text: string, holder: number): AckRef {
  const ref = readAckId(text, holder);
  if (!ref) throw invalid(`You have passed an invalid ack ID to the service (ack_id=${text}).`);
  return ref;
}
