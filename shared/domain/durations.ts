/** Milliseconds; never negative, although the times are of instances whose clocks differ. */
export const millisecondsBetween = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime());
