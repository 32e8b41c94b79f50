import { status } from '@grpc/grpc-js';
import { RpcError, unary } from '../plumbing/grpc.ts';
import { type PageRequest, pageOf } from '../plumbing/pages.ts';
import { fromWireTime, toWireTime, type WireTime } from '../plumbing/wire-time.ts';
import type { Config } from './configs.ts';
import { invalid } from './errors.ts';
import type { TransferService } from './index.ts';
import type { RunState, Severity } from './messages.ts';
import { configName, idOf, PAGES, runName } from './names.ts';
import { runMessage } from './run-words.ts';
import type { Run } from './runs.ts';
import { parseSchedule, timesOf } from './schedule.ts';
import { DAY_MS } from './time-of-day.ts';

interface StartRequest {
  readonly parent: string;
  readonly time?: 'requestedTimeRange' | 'requestedRunTime';
  readonly requestedTimeRange?: { readonly startTime: WireTime | null; readonly endTime: WireTime | null };
  readonly requestedRunTime?: WireTime;
}

interface ListRunsRequest extends PageRequest {
  readonly parent: string;
  readonly states: readonly RunState[];
  readonly runAttempt: 'RUN_ATTEMPT_UNSPECIFIED' | 'LATEST';
}

interface ListLogsRequest extends PageRequest {
  readonly parent: string;
  readonly messageTypes: readonly Severity[];
}

/** Runs of a range start so long after each other. */
const STAGGER_MS = 15_000;

/** The methods on transfer runs. */
export function runMethods({ context, configs, runs, planner }: TransferService) {
  return {
    startManualTransferRuns: unary((request: StartRequest) => {
      const config = configs.get(configName(request.parent));
      if (config.settings.disabled)
        throw new RpcError(status.FAILED_PRECONDITION, `The transfer config ${config.name} is disabled.`);
      const now = Math.floor(context.clock.now());
      const made = context.store.transaction(() =>
        requestedTimes(request, config, now).map((time, index) => {
          const run = runs.add(config, { time, scheduled: now + index * STAGGER_MS, isManual: true });
          runs.log(run.name, 'INFO', `Dispatched run to data source with id ${idOf(run.name)}`);
          return run;
        }),
      );
      planner.plan();
      return { runs: made.map(runMessage) };
    }),
    getTransferRun: unary(({ name }: { name: string }) => runMessage(runs.get(runName(name)))),
    deleteTransferRun: unary(({ name }: { name: string }) => {
      const run = runs.get(runName(name));
      context.store.transaction(() => runs.delete(run.name));
      planner.plan();
      return {};
    }),
    listTransferRuns: unary((request: ListRunsRequest) => {
      const { name } = configs.get(configName(request.parent));
      const all = runs.list(name);
      const attempts = request.runAttempt === 'LATEST' ? latestOfDays(all) : all;
      const wanted = attempts.filter(({ state }) => request.states.length === 0 || request.states.includes(state));
      const { items, nextPageToken } = pageOf(wanted, request, PAGES);
      return { transferRuns: items.map(runMessage), nextPageToken };
    }),
    listTransferLogs: unary((request: ListLogsRequest) => {
      const { name } = runs.get(runName(request.parent));
      const { messageTypes: types } = request;
      const wanted = runs.logs(name).filter(({ severity }) => types.length === 0 || types.includes(severity));
      const { items, nextPageToken } = pageOf(wanted, request, PAGES);
      return {
        transferMessages: items.map(({ time, severity, text }) => ({
          ...{ messageTime: toWireTime(time), severity, messageText: text },
        })),
        nextPageToken,
      };
    }),
  };
}

/** The times that runs are asked for: one, or those of the schedule within a range. @throws RpcError INVALID_ARGUMENT */
function requestedTimes(request: StartRequest, { settings, anchor }: Config, now: number): number[] {
  const { requestedTimeRange: range, requestedRunTime } = request;
  const time = fromWireTime(requestedRunTime);
  if (time !== undefined) {
    if (time > now) throw invalid('requested_run_time must be a past time.');
    return [time];
  }
  const [start, end] = [fromWireTime(range?.startTime), fromWireTime(range?.endTime)];
  if (settings.timing.manual)
    throw invalid("Starting transfer run with on-demand schedule requires 'requested_run_time' to be specified.");
  if (start === undefined || end === undefined)
    throw invalid('Either requested_run_time or requested_time_range with its start_time and end_time must be given.');
  if (start >= end) throw invalid('start_time of requested_time_range must be before its end_time.');
  if (end > now) throw invalid('end_time of requested_time_range must not be in the future.');
  return [...timesOf(parseSchedule(settings.timing.schedule), start, end, anchor)];
}

/** Of each day, by the runs' times, only the run that comes first in the list. */
function latestOfDays(runs: readonly Run[]): Run[] {
  const days = new Set<number>();
  return runs.filter(({ time }) => {
    const day = Math.floor(time / DAY_MS);
    const isLatest = !days.has(day);
    days.add(day);
    return isLatest;
  });
}
