/** The code of what is said of a file that holds nothing but blocks: there is nothing to run, and nothing wrong. */
export const NO_TEST = 'no-test';
