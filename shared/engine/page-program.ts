import { pageFacts } from './page-facts.ts';
import { pageFingerprint } from './page-fingerprint.ts';
import { pageHealing } from './page-healing.ts';
import { pageHints } from './page-hints.ts';
import { pageLocator } from './page-locator.ts';
import { pagePlaces } from './page-places.ts';
import { pageReader } from './page-reader.ts';
import { shownText } from './page-text.ts';
import { pageWords } from './page-words.ts';

/** Source of an expression that makes a `PageLocator` for the document in which it is evaluated. */
export const pageProgram = `(() => {
const words = (${pageWords})();
const reader = (${pageReader})(words);
const facts = (${pageFacts})(reader, ${shownText});
const prints = (${pageFingerprint})(reader, words);
const healing = (${pageHealing})(reader, facts, words, prints);
return (${pageLocator})({ words, reader, facts, places: ${pagePlaces}, hints: ${pageHints}, prints, healing });
})()`;
