/**
 * Runs in every function's process before the functions framework. It keeps the server on the loopback interface, tells
 * the host which port it got, and ends the process when the host is gone, however that died.
 */
import { Server } from 'node:net';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.channel) watchHost();

function watchHost() {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (port, ...rest) {
    if (String(port) !== process.env.PORT) return listen.call(this, port, ...rest);
    Server.prototype.listen = listen;
    // The host alone connects: its kept connections are never cut under its feet.
    this.keepAliveTimeout = 0;
    this.once('listening', () => process.send?.({ port: this.address().port }));
    return listen.call(this, Number(port), '127.0.0.1', ...rest);
  };
  process.on('disconnect', () => {
    try {
      process.exit(1);
    } finally {
      process.kill(-process.pid, 'SIGKILL');
    }
  });
  process.channel.unref();
}
