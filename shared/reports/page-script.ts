import { deepLinks, printing, screenshotViewer, sessionTools, themeToggle } from './page-client.ts';

/** The page's script: the functions of page-client, each as its own text. */
export const pageScript = [
  // Some bundlers wrap functions in this to keep their names.
  'const __name = (wrapped) => wrapped;',
  ...[themeToggle, sessionTools, deepLinks, screenshotViewer, printing].map((part) => `(${part.toString()})();`),
]
  .join('\n')
  .replaceAll('</', '<\\/');
