/** The suite on a data folder, in a process of its own that a test kills: `killed-cloud.child.ts DATA TEMPORARY`. */
import { startCloud } from '../local/cloud.ts';
import { suiteOptions } from './suite-cloud.ts';

const [, , data = '', temporary = ''] = process.argv;
const { origin, apiKey, port } = await startCloud({ ...suiteOptions(temporary), data });
process.send?.({ origin, apiKey, port });
