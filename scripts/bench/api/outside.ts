/** The bare function that leaves the framework's domain. */
export const OUTSIDE = 'bench-api-outside';
