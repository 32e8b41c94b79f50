/** A text as Terraform has it: parts that stand for themselves, and expressions between `${` and `}`. */
export type Part = { readonly literal: string } | { readonly code: string };

/** Takes a text apart, as the parser of HCL gives it. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    if (!text.startsWith('${', at)) {
      literal += text[at];
      at += 1;
      continue;
    }
    const end = endOf(text, at + 2);
    if (literal !== '') parts.push({ literal });
    literal = '';
    parts.push({ code: text.slice(at + 2, end - 1) });
    at = end;
  }
  return literal === '' ? parts : [...parts, { literal }];
}

/** Where the code that begins there ends: behind the brace that closes it. */
function endOf(text: string, from: number): number {
  let at = from;
  for (let depth = 1; at < text.length && depth > 0; at += 1) {
    if (text[at] === '"') at = endOfString(text, at + 1);
    else if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
  }
  return at;
}

/** The quote that ends a string inside of code, which may have code inside itself. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === '\\') at += 2;
    else at = text.startsWith('${', at) ? endOf(text, at + 2) : at + 1;
  }
  return at;
}

/** Where the brackets that open there are closed: behind the last one. */
export function endOfIndex(code: string, from: number): number {
  let at = from;
  let depth = 0;
  do {
    if (code[at] === '[') depth += 1;
    if (code[at] === ']') depth -= 1;
    at += 1;
  } while (depth > 0 && at < code.length);
  return at;
}
