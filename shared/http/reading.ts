/** Whether requests of the method change nothing (RFC 9110, 9.2.1). */
export const isReading = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);
