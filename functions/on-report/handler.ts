import type { ObjectInput } from '../../shared/define/trigger.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import type { Events } from '../../shared/events/publish.ts';
import { BOOTSTRAP_USER } from '../../shared/http/authenticate.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';
import { statisticsOf } from '../../shared/reports/statistics-object.ts';

export interface Services {
  readonly runs: Runs;
  readonly events: Events;
  /** Tells who runs the platform. */
  readonly news: Events;
}

/** The manifest is written last: it says that a report is complete. */
const MANIFEST = /^(run_[a-z0-9]+)\/manifest\.json$/;

/** Puts the links of a complete report on its run and tells that it is ready; tells of reports of statistics, too. */
export async function onReport(object: ObjectInput, services: Services & Base): Promise<void> {
  const { runs, events, config, log } = services;
  const statistics = statisticsOf(object.name);
  if (statistics) return await tellOf(statistics, object, services);
  const runId = object.name.match(MANIFEST)?.[1];
  if (!runId) return;
  annotate({ run_id: runId });
  const run = await runs.get(runId);
  if (!run) return log.warning('a report of a run that does not exist (any more)');
  const base = `${config.publicUrl}/v1/runs/${runId}`;
  const report = {
    html: `${base}/report.html`,
    json: `${base}/report.json`,
    junit: `${base}/report.xml`,
    manifest: `gs://${object.bucket}/${object.name}`,
  };
  await runs.setReport(runId, report);
  await events.publish([
    {
      type: 'report.ready',
      key: [runId],
      subject: `runs/${runId}`,
      time: run.ended_at ?? run.updated_at,
      data: { user_id: run.user_id, run_id: runId, ...report },
    },
  ]);
}

async function tellOf(
  { report, period }: NonNullable<ReturnType<typeof statisticsOf>>,
  { bucket, name }: ObjectInput,
  { news, clock }: Services & Base,
): Promise<void> {
  const data = { user_id: BOOTSTRAP_USER, report, period, object: `gs://${bucket}/${name}` };
  const time = new Date(clock.now());
  await news.publish([
    { type: 'statistics.reported', key: [report, period], subject: `statistics/${report}/${period}`, time, data },
  ]);
}
