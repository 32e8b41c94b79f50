/** In bytes of UTF-8, as Cloud Storage counts. */
export const LONGEST_NAME = 500;

/** The name that a test file is stored under; undefined for one that leads elsewhere, is too long or has control characters. */
export function storedName(given: string): string | undefined {
  const path = given.replaceAll('\\', '/');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const name = parts.join('/');
  const legal = parts.length > 0 && !path.endsWith('/') && !parts.includes('..') && !/\p{Cc}/u.test(name);
  return legal && Buffer.byteLength(name) <= LONGEST_NAME ? name : undefined;
}
