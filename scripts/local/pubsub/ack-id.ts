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

/** @throws RpcError INVALID_ARGUMENT when one is not an ack id of this subscription. */
export function parseAckIds(ids: readonly string[], holder: number): AckRef[] {
  return ids.map((text) => {
    const match = /^(\d+):(\d+):(\d+)$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
    if (!match || Number(match[1]) !== holder) {
      throw invalid(`You have passed an invalid ack ID to the service (ack_id=${text}).`);
    }
    return { holder, id: Number(match[2]), serial: Number(match[3]) };
  });
}
