import { findProduct, type Product, priceOf } from './products.ts';

/** One line of a cart. */
export interface CartLine {
  readonly product: Product;
  readonly size: string;
  readonly colour: string;
  readonly quantity: number;
  readonly giftWrap: boolean;
}

/** Money is in cents. */
export interface Totals {
  readonly goods: number;
  readonly discount: number;
  readonly delivery: number;
  readonly total: number;
}

export const giftWrapPrice = 300;
export const deliveries = [
  { name: 'Standard', price: 490, about: 'three to five days' },
  { name: 'Express', price: 990, about: 'tomorrow' },
  { name: 'Pick up', price: 0, about: 'at the corner, from noon' },
] as const;
const coupons: Record<string, number> = { SPRING10: 10 };
const most = 20;

/** The discount of a coupon in percent; undefined when there is no such coupon. */
export function couponPercent(code: string): number | undefined {
  return Object.hasOwn(coupons, code) ? coupons[code] : undefined;
}

/** Reads the cart's cookie; what does not make sense is left out. */
export function readCart(cookie: string | undefined): CartLine[] {
  return (cookie ?? '').split('|').flatMap((text) => {
    const [slug = '', size = '', colour = '', quantity = '', giftWrap] = text.split('~');
    const product = findProduct(slug);
    const count = Number(quantity);
    if (!product || !Number.isInteger(count) || count < 1 || count > most) return [];
    return [{ product, size, colour, quantity: count, giftWrap: giftWrap === 'wrap' }];
  });
}

/** Writes the cart's cookie. */
export function writeCart(lines: readonly CartLine[]): string {
  return lines
    .map((line) =>
      [line.product.slug, line.size, line.colour, line.quantity, line.giftWrap ? 'wrap' : 'plain'].join('~'),
    )
    .join('|');
}

/** Adds a line, or to the line that is the same. */
export function addLine(lines: readonly CartLine[], added: CartLine): CartLine[] {
  const same = (line: CartLine): boolean =>
    writeCart([{ ...line, quantity: 1 }]) === writeCart([{ ...added, quantity: 1 }]);
  if (!lines.some(same)) return [...lines, added];
  return lines.map((line) =>
    same(line) ? { ...line, quantity: Math.min(most, line.quantity + added.quantity) } : line,
  );
}

export function linePrice(line: CartLine): number {
  return (priceOf(line.product, line.size) + (line.giftWrap ? giftWrapPrice : 0)) * line.quantity;
}

/** What a cart costs, with a coupon's discount on the goods and the delivery chosen. */
export function totalsOf(lines: readonly CartLine[], coupon: string | undefined, delivery?: string): Totals {
  const goods = lines.reduce((sum, line) => sum + linePrice(line), 0);
  const discount = Math.round((goods * (couponPercent(coupon ?? '') ?? 0)) / 100);
  const shipping = deliveries.find(({ name }) => name === delivery)?.price ?? 0;
  return { goods, discount, delivery: shipping, total: goods - discount + shipping };
}
