import { lookup } from 'node:dns/promises';

/** What must not be reached. */
export const VICTIM = '127.0.0.1';
/** What may be reached: the attacker's site lies here, and the twins of the victims, at the same ports. */
export const TWIN = '127.0.0.2';

const addresses: Readonly<Record<string, readonly string[]>> = {
  'site.example': [TWIN],
  'inside.example': [VICTIM],
  'two-faced.example': [TWIN, VICTIM],
};

/** How names are resolved for a guard; `rebinding.example` has a public address only when it is asked for first. */
export function names() {
  let asked = 0;
  return async (host: string): Promise<{ address: string; family: number }[]> => {
    if (host === 'rebinding.example') return [{ address: asked++ === 0 ? TWIN : VICTIM, family: 4 }];
    const known = addresses[host];
    return known ? known.map((address) => ({ address, family: 4 })) : await lookup(host, { all: true });
  };
}

/** The same for a browser that resolves names itself. */
export const HOST_RULES = [
  `MAP site.example ${TWIN}`,
  `MAP *.example ${VICTIM}`,
  `MAP metadata ${VICTIM}`,
  `MAP metadata.google.internal ${VICTIM}`,
  `MAP metadata.google.internal. ${VICTIM}`,
].join(', ');
