/**
 * A link that can be followed from a report without running anything: http, https, or relative. Anything else, such as
 * `javascript:`, is undefined.
 */
export function safeLink(href: string | undefined): string | undefined {
  if (!href) return undefined;
  // Browsers drop control characters and spaces around the scheme before they read it.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be dropped
  const bare = href.replace(/[\u0000-\u0020\u007f-\u009f]/g, '');
  const scheme = /^([^/?#]*):/.exec(bare)?.[1]?.toLowerCase();
  return scheme === undefined || scheme === 'http' || scheme === 'https' ? href : undefined;
}

/** A part of an element's id: only letters, digits, `_` and `-`. */
export function anchor(...parts: (string | number)[]): string {
  return parts.map((part) => String(part).replace(/[^A-Za-z0-9_-]+/g, '-')).join('-');
}
