import { findProduct } from './products.ts';

/** A product's picture, drawn from its colour; undefined when there is no such product. */
export function picture(name: string): string | undefined {
  if (name === 'favicon')
    return svg(
      '<rect width="100" height="100" rx="20" fill="#2f5d50"/><text x="50" y="70" font-size="60" text-anchor="middle" fill="#fff" font-family="serif">c</text>',
    );
  const product = findProduct(name);
  if (!product) return undefined;
  const shape = shapes[product.slug] ?? '';
  return svg(
    `<rect width="100" height="100" fill="${product.tint}" opacity=".18"/><g fill="${product.tint}" stroke="${product.tint}" stroke-linejoin="round" stroke-linecap="round">${shape}</g>`,
  );
}

function svg(content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${content}</svg>`;
}

const handle = 'fill="none" stroke-width="5"';
const shapes: Record<string, string> = {
  'moka-pot': `<path d="M34 52h32l6 28H28z"/><path d="M36 24h28l-6 24H42z"/><path d="M45 24l5-8 5 8z"/><path d="M66 30h12v22" ${handle}/>`,
  'pour-over-kettle': `<path d="M32 40h36l6 40H26z"/><path d="M40 40q10-16 20 0z"/><path d="M27 70Q14 62 18 38l-6-4" ${handle}/><path d="M70 46q18 0 10 26" ${handle}/>`,
  'coffee-grinder': `<rect x="36" y="46" width="28" height="36" rx="3"/><path d="M36 30h28v12H36z"/><path d="M50 28V18h26" ${handle}/><circle cx="77" cy="18" r="4"/>`,
  'espresso-cups': `<path d="M22 34h24l-3 18H25zM54 34h24l-3 18H57zM22 62h24l-3 18H25zM54 62h24l-3 18H57z"/>`,
  'stoneware-mug': `<rect x="28" y="30" width="38" height="48" rx="5"/><path d="M66 40h8q8 0 8 12t-8 12h-8" ${handle}/>`,
  teapot: `<ellipse cx="50" cy="58" rx="24" ry="20"/><path d="M40 38q10-8 20 0z"/><circle cx="50" cy="31" r="3"/><path d="M28 56Q18 54 12 40" ${handle}/><path d="M73 50q14-4 12 10t-14 10" ${handle}/>`,
  'linen-towel': `<path d="M28 22h44v60H28z" opacity=".8"/><path d="M36 22v60M64 22v60" stroke="#fff" stroke-width="2"/>`,
  'honey-jar': `<path d="M30 40q0-6 6-8h28q6 2 6 8v34q0 6-6 6H36q-6 0-6-6z"/><rect x="34" y="22" width="32" height="8" rx="3"/><path d="M38 54h24" stroke="#fff" stroke-width="3"/>`,
};
