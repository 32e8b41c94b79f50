/** `google.protobuf.Timestamp` and `google.protobuf.Duration` as proto-loader reads and writes them. */
export interface WireTime {
  readonly seconds: string | number;
  readonly nanos: number;
}

/** A time or length in milliseconds, on the wire. Fractions of a millisecond are lost. */
export function toWireTime(ms: number): WireTime {
  const whole = Math.floor(ms);
  const seconds = Math.floor(whole / 1000);
  return { seconds: String(seconds), nanos: (whole - seconds * 1000) * 1_000_000 };
}

/** Milliseconds of a wire time, undefined when the field is absent. */
export function fromWireTime(time: WireTime | null | undefined): number | undefined {
  return time ? Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000) : undefined;
}
