/** What the shop sells. Prices are integer cents of a euro. */
export interface Product {
  readonly slug: string;
  readonly name: string;
  readonly category: 'Coffee' | 'Tea' | 'Table';
  readonly about: string;
  readonly sizes: readonly { readonly name: string; readonly price: number }[];
  readonly colours: readonly string[];
  /** Colour of its picture. */
  readonly tint: string;
}

const one = (price: number): Product['sizes'] => [{ name: 'One size', price }];

export const products: readonly Product[] = [
  {
    slug: 'moka-pot',
    name: 'Moka pot',
    category: 'Coffee',
    about: 'Aluminium, for every stove. The kitchen smells of Sunday within five minutes.',
    sizes: [
      { name: '3 cups', price: 2490 },
      { name: '6 cups', price: 3290 },
      { name: '9 cups', price: 4190 },
    ],
    colours: ['Silver', 'Black', 'Red'],
    tint: '#8d99a6',
  },
  {
    slug: 'pour-over-kettle',
    name: 'Pour-over kettle',
    category: 'Coffee',
    about: 'A gooseneck that pours as slowly as you like.',
    sizes: [
      { name: '0.6 l', price: 4900 },
      { name: '1 l', price: 5900 },
    ],
    colours: ['Steel', 'Copper'],
    tint: '#b87752',
  },
  {
    slug: 'coffee-grinder',
    name: 'Coffee grinder',
    category: 'Coffee',
    about: 'Steel burrs, forty settings, no cable.',
    sizes: one(7400),
    colours: ['Black', 'Oak'],
    tint: '#6b5344',
  },
  {
    slug: 'espresso-cups',
    name: 'Espresso cups, set of four',
    category: 'Coffee',
    about: 'Thick walls keep it hot for as long as it lasts.',
    sizes: one(2800),
    colours: ['White', 'Sand'],
    tint: '#c8b8a0',
  },
  {
    slug: 'stoneware-mug',
    name: 'Stoneware mug',
    category: 'Tea',
    about: 'Thrown by hand; no two alike.',
    sizes: [
      { name: '0.3 l', price: 1250 },
      { name: '0.5 l', price: 1450 },
    ],
    colours: ['Blue', 'Green', 'Ochre'],
    tint: '#5d7f9b',
  },
  {
    slug: 'teapot',
    name: 'Teapot with strainer',
    category: 'Tea',
    about: 'Glass, so that you see when it is ready.',
    sizes: [
      { name: '0.8 l', price: 3600 },
      { name: '1.2 l', price: 4200 },
    ],
    colours: ['Clear'],
    tint: '#7fa08a',
  },
  {
    slug: 'linen-towel',
    name: 'Linen tea towel',
    category: 'Table',
    about: 'Better with every wash.',
    sizes: one(990),
    colours: ['Natural', 'Indigo'],
    tint: '#55608f',
  },
  {
    slug: 'honey-jar',
    name: 'Honey jar',
    category: 'Table',
    about: 'With a dipper made of beech. Honey not included.',
    sizes: one(780),
    colours: ['Amber'],
    tint: '#d09a2f',
  },
];

/** The product of that name in addresses. */
export function findProduct(slug: string): Product | undefined {
  return products.find((product) => product.slug === slug);
}

/** The price of a product in a size, in cents; its first size when the name is not known. */
export function priceOf(product: Product, size: string): number {
  return (product.sizes.find(({ name }) => name === size) ?? product.sizes[0])?.price ?? 0;
}

/** Cents as people read them: `€ 1,249.00`. */
export function formatPrice(cents: number): string {
  return `€ ${(cents / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
