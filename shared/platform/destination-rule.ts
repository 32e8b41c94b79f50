import ipaddr from 'ipaddr.js';

export type Address = ReturnType<typeof ipaddr.process>;

/** True when the text is a rule of `EGRESS_ALLOW`: `loopback` or a CIDR. */
export const isDestinationRule = (rule: string): boolean => rule === 'loopback' || ipaddr.isValidCIDR(rule);

/** True when the rule lets the address through although it is not public. */
export function ruleAllows(rule: string, address: Address): boolean {
  if (rule === 'loopback') return address.range() === 'loopback';
  const [network, bits] = ipaddr.parseCIDR(rule);
  return address.kind() === network.kind() && address.match([network, bits] as never);
}
