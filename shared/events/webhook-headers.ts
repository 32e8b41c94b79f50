/** The headers of every delivery but those of its signature. */
export const deliveryHeaders = (body: string): Record<string, string> => ({
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
  'user-agent': 'Virtuoso-Webhooks/1',
});
