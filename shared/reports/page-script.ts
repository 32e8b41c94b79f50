import { deepLinks, printing, screenshotViewer, sessionTools, themeToggle } from './page-client.ts';

/** The page's script: the functions of page-client, each as its own text. */
export const pageScript = [
  `const ${nameKeeper()} = (wrapped) => wrapped;`,
  ...[themeToggle, sessionTools, deepLinks, screenshotViewer, printing].map((part) => `(${part.toString()})();`),
]
  .join('\n')
  .replaceAll('</', '<\\/');

/** A bundler that keeps names wraps every function in one of its own, which the page does not have: its name is found here. */
function nameKeeper(): string {
  const probe = (): (() => number) => {
    const named = (): number => 0;
    return named;
  };
  return /([\w$]+)\(\s*\(\)\s*=>\s*0\s*,\s*"named"/.exec(probe.toString())?.[1] ?? '__name';
}
