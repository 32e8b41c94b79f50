import { address, script, type Trick } from './trick.ts';

/** The host written by a function, with the port. */
const as = (write: (parts: readonly number[], host: string) => string) => (host: string, port: number) =>
  `http://${write(host.split('.').map(Number), host)}:${port}/`;

const asNumber = (parts: readonly number[]): number => parts.reduce((sofar, part) => sofar * 256 + part, 0);
const hex = (part: number): string => part.toString(16).padStart(2, '0');
const pair = ([a = 0, b = 0]: readonly number[]): string => `${hex(a)}${hex(b)}`;

/** Ways to write an address, and names that lead to one. The names below `example` are resolved by `names.ts`. */
export const addresses: readonly Trick[] = [
  address(
    'a decimal host',
    as((parts) => String(asNumber(parts))),
  ),
  address(
    'a hexadecimal host',
    as((parts) => `0x${parts.map(hex).join('')}`),
  ),
  address(
    'an octal host',
    as((parts) => parts.map((part) => `0${part.toString(8)}`).join('.')),
  ),
  address(
    'a short host',
    as(([first, ...rest]) => `${first}.${asNumber(rest)}`),
  ),
  address(
    'mixed bases',
    as(([a = 0, b = 0, c = 0, d = 0]) => `0x${hex(a)}.${b}.0${c.toString(8)}.${d}`),
  ),
  address(
    'percent-encoded digits',
    as((_parts, host) => host.replace('1', '%31')),
  ),
  address(
    'full-width digits',
    as((_parts, host) => host.replace('1', '１').replace('.', '。')),
  ),
  address(
    'a dot at the end',
    as((_parts, host) => `${host}.`),
  ),
  address(
    'IPv6, an IPv4 address in it',
    as((_parts, host) => `[::ffff:${host}]`),
  ),
  address(
    'IPv6, the same in hexadecimal',
    as((parts) => `[0:0:0:0:0:FFFF:${pair(parts)}:${pair(parts.slice(2))}]`),
  ),
  address('IPv6 loopback', undefined, { victim: '[::1]' }),
  address('IPv6 unspecified', undefined, { victim: '[::]' }),
  address('unspecified address', undefined, { victim: '0.0.0.0' }),
  address('zero', undefined, { victim: '0' }),
  address('localhost', undefined, { victim: 'localhost' }),
  address('localhost, a dot at the end', undefined, { victim: 'localhost.' }),
  address('a name below localhost', undefined, { victim: 'a.b.localhost' }),
  address('circled letters', undefined, { victim: 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ' }),
  address('a name of the metadata server', undefined, { victim: 'metadata.google.internal' }),
  address('the same, a dot at the end', undefined, { victim: 'METADATA.google.internal.' }),
  address('its short name', undefined, { victim: 'metadata' }),
  address('a public name of a private address', undefined, { victim: 'inside.example', twin: 'site.example' }),
  address('a name with a public and a private address', undefined, {
    victim: 'two-faced.example',
    twin: 'site.example',
  }),
  script('a name that changes its address', "const ask = () => fetch(url, { mode: 'no-cors' }); ask().finally(ask)", {
    hosts: { victim: 'rebinding.example' },
    rebinds: true,
  }),
];
