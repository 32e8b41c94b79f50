import { bringUpToDate, type Migration } from './data-format.ts';
import { Store } from './store.ts';

const rename: Migration = (store) => store.exec('ALTER TABLE things RENAME COLUMN a TO b');
const die: Migration = () => void process.kill(process.pid, 'SIGKILL');

bringUpToDate(new Store(process.argv[2] ?? ''), [rename, die]);
