import { deepLinks, printing, screenshotViewer, sessionTools, themeToggle } from './page-client.ts';

/** The page's script: the functions of page-client, each as its own text. */
export const pageScript = [
  // esbuild's keepNames wraps functions in this; together with minify it has another name, so the build must not use both.
  'const __name = (wrapped) => wrapped;',
  ...[themeToggle, sessionTools, deepLinks, screenshotViewer, printing].map((part) => `(${part.toString()})();`),
]
  .join('\n')
  .replaceAll('</', '<\\/');
