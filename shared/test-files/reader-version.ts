import { version } from '../platform/version.ts';

/**
 * Which reader it is that makes definitions of test files: another one may make others of the same bytes. The build puts
 * the reader's sources' digest behind the product's version.
 */
export const readerVersion: string = version;
