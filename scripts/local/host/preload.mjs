/**
 * Runs in every function's process before the functions framework. It finds a free port on the loopback interface, which
 * is PORT from then on, keeps the server on it, tells the host when that listens, and ends the process when the host is
 * gone, however that died.
 */
import { once } from 'node:events';
import { createServer, Server } from 'node:net';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel) {
  await takePort();
  watchHost();
}

async function takePort() {
  // Nobody else can take the port while its socket waits here for the framework's server.
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address();
  process.env.PORT = String(port);
  taken.unref();
  const { listen } = Server.prototype;
  Server.prototype.listen = function (wanted, ...rest) {
    if (String(wanted) !== process.env.PORT) return listen.call(this, wanted, ...rest);
    Server.prototype.listen = listen;
    // The host alone connects: its kept connections are never cut under its feet.
    this.keepAliveTimeout = 0;
    this.once('listening', () => {
      this.ref();
      process.send?.({ port });
    });
    return listen.call(this, taken, ...rest.filter((argument) => typeof argument === 'function'));
  };
}

function watchHost() {
  process.on('disconnect', () => {
    try {
      process.exit(1);
    } finally {
      process.kill(-process.pid, 'SIGKILL');
    }
  });
  process.channel.unref();
}
