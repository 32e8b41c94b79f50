import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Imported into the process of a test before all else: which modules that loads, a URL a line, it tells by stream 3.
registerHooks({
  load(url, context, next) {
    writeSync(3, `${url}\n`);
    return next(url, context);
  },
});
