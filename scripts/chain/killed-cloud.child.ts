/** The suite on a data folder, in a process of its own that a test kills: `killed-cloud.child.ts DATA PORT`. */
import { startCloud } from '../local/cloud.ts';
import { createStorage } from '../local/storage/index.ts';
import { suiteOptions } from './suite-cloud.ts';

const [, , data = '', port = '0'] = process.argv;
const {
  origin,
  apiKey,
  port: taken,
} = await startCloud({
  ...suiteOptions,
  ...{ data, port: Number(port), services: { storage: createStorage } },
});
process.send?.({ origin, apiKey, port: taken });
