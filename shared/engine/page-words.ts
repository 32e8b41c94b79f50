/**
 * Compares words as people read them. It is sent to the page as source, so it can use nothing that stands outside it.
 */
export function pageWords() {
  const fold = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();

  /** Without what people do not tell apart: case, accents of European letters, forms of quotes and dashes. */
  function plain(text: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII, which needs no more
    if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
    return text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC')
      .toLowerCase()
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/ß/g, 'ss')
      .replace(/ς/g, 'σ')
      .replace(/[‘’‚′]/g, "'")
      .replace(/[“”„«»]/g, '"')
      .replace(/[‐-―]/g, '-');
  }

  const withoutOrnament = (text: string): string => text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  /** Scripts that put no space between words. */
  const unspaced =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
  const inWord = (char: string | undefined): boolean => !!char && /[\p{L}\p{N}]/u.test(char) && !unspaced.test(char);
  const isDigit = (char: string | undefined): boolean => !!char && /\p{N}/u.test(char);

  /**
   * How well a text says the words: 5 to the letter, 4 but for case and ornament, 3 it begins with them, 2 it has them
   * as whole words, 1 as a part of a word, 0 not at all.
   */
  function likeness(text: string, words: string): number {
    if (text === words) return 5;
    const [shown, wanted] = [plain(text), plain(words)];
    if (wanted === '') return 0;
    if (shown === wanted || withoutOrnament(shown) === wanted || shown === wanted.replace(/\s*[:*?!….]+$/, ''))
      return 4;
    let best = 0;
    for (let at = shown.indexOf(wanted); at >= 0 && best < 3; at = shown.indexOf(wanted, at + 1))
      best = Math.max(best, occurrence(shown, wanted, at));
    return best;
  }

  function occurrence(shown: string, wanted: string, at: number): number {
    const [before, after] = [shown[at - 1], shown[at + wanted.length]];
    const [start, end] = [wanted[0], wanted.at(-1)];
    const whole = !(inWord(before) && inWord(start)) && !(inWord(after) && inWord(end));
    if (whole) return at === 0 || !/[\p{L}\p{N}]/u.test(shown.slice(0, at)) ? 3 : 2;
    const splitsNumber = (isDigit(before) && isDigit(start)) || (isDigit(after) && isDigit(end));
    return wanted.length >= 3 && !splitsNumber ? 1 : 0;
  }

  return { fold, plain, likeness };
}

export type PageWords = ReturnType<typeof pageWords>;
