import { Alarm } from '../plumbing/alarm.ts';
import { backoffMs } from '../plumbing/backoff.ts';
import { attemptTask, type Dispatching, type Outcome } from './attempt.ts';
import { isExhausted } from './backoff.ts';
import type { Queue } from './queues.ts';
import type { Attempt, TaskRow, Tasks } from './tasks.ts';
import { TokenBucket } from './token-bucket.ts';

/** Answers that slow the whole queue down. */
const OVERLOADED = new Set([429, 503]);

/**
 * Dispatches one queue's tasks when they are due, as fast as its rate limits allow. It is woken by what happens (a task
 * created, an attempt over, a token there) and otherwise sleeps until the next task is due. What happened since it was
 * woken is written in one transaction, together with what else is written in that turn.
 */
export class Dispatcher {
  readonly #dispatching: Dispatching;
  readonly #tasks: Tasks;
  readonly #alarm: Alarm;
  readonly #bucket: TokenBucket;
  #queue: Queue;
  #inFlight = 0;
  #over: { task: TaskRow; outcome: Outcome }[] = [];
  #woken = false;
  #closed = false;

  constructor(queue: Queue, tasks: Tasks, dispatching: Dispatching) {
    const { clock } = dispatching.context;
    this.#queue = queue;
    this.#tasks = tasks;
    this.#dispatching = dispatching;
    this.#alarm = new Alarm(clock, () => this.wake());
    this.#bucket = new TokenBucket(queue.settings.rateLimits, clock.now());
  }

  /** Takes on the queue's new state and settings. */
  update(queue: Queue): void {
    this.#queue = queue;
    this.#bucket.configure(queue.settings.rateLimits, this.#dispatching.context.clock.now());
    this.wake();
  }

  /** Looks for due tasks as soon as what runs now is through. */
  wake(): void {
    if (this.#woken || this.#closed) return;
    this.#woken = true;
    void this.#pump();
  }

  /** Dispatches a task now, whatever the queue's state and limits. Call it inside a transaction. */
  force(task: TaskRow): void {
    const { context } = this.#dispatching;
    this.#tasks.lease(task.id, context.clock.now());
    context.store.afterCommit(() => this.#dispatch(task));
  }

  close(): void {
    this.#closed = true;
    this.#alarm.set(undefined);
  }

  async #pump(): Promise<void> {
    const { clock, store } = this.#dispatching.context;
    const leased = await store.grouped(() => {
      this.#woken = false;
      if (this.#closed) return [];
      const over = this.#over;
      this.#over = [];
      this.#inFlight -= over.length;
      for (const { task, outcome } of over) this.#settle(task, outcome);
      return this.#lease(clock.now());
    });
    if (this.#closed) return;
    for (const task of leased) this.#dispatch(task);
    this.#alarm.set(this.#nextWake(clock.now()));
  }

  #lease(now: number): TaskRow[] {
    if (this.#queue.state === 'PAUSED') return [];
    const free = this.#queue.settings.rateLimits.maxConcurrentDispatches - this.#inFlight;
    const room = Math.min(free, this.#bucket.available(now));
    if (room <= 0) return [];
    const tasks = this.#tasks.due(this.#queue.name, now, room);
    for (const task of tasks) this.#tasks.lease(task.id, now);
    this.#bucket.take(tasks.length);
    return tasks;
  }

  #nextWake(now: number): number | undefined {
    if (this.#queue.state === 'PAUSED') return undefined;
    // An attempt that ends wakes the queue, so there is no need of a time.
    if (this.#inFlight >= this.#queue.settings.rateLimits.maxConcurrentDispatches) return undefined;
    const due = this.#tasks.nextDue(this.#queue.name);
    if (due === undefined || due > now) return due;
    return this.#bucket.available(now) > 0 ? now : this.#bucket.nextToken(now);
  }

  #dispatch(task: TaskRow): void {
    this.#inFlight += 1;
    void attemptTask(task, this.#dispatching).then((outcome) => {
      this.#over.push({ task, outcome });
      this.wake();
    });
  }

  #settle(task: TaskRow, { attempt, ok, response, retryAfterMs }: Outcome): void {
    const now = this.#dispatching.context.clock.now();
    if (OVERLOADED.has(attempt.status ?? 0)) this.#bucket.slowDown(now);
    if (ok) this.#tasks.end(task, now);
    else if (this.#tasks.exists(task.id)) {
      const { retryConfig } = this.#queue.settings;
      const attempts = task.dispatches + 1;
      const exhausted = isExhausted(retryConfig, attempts, now - (task.firstDispatch ?? attempt.dispatched));
      if (exhausted) this.#giveUp(task, attempt, response);
      else this.#tasks.retry(task.id, attempt, now + Math.max(backoffMs(retryConfig, attempts), retryAfterMs));
    }
  }

  #giveUp(task: TaskRow, attempt: Attempt, response: string): void {
    const { clock, log, store } = this.#dispatching.context;
    const attempts = task.dispatches + 1;
    this.#tasks.die(task, attempt, response, clock.now());
    const message = `task ${task.name} failed for good after ${attempts} attempts: ${attempt.reason ?? ''}`;
    const fields = { task: task.name, attempts, status: attempt.status, response };
    store.afterCommit(() => log('WARNING', message, fields));
  }
}
