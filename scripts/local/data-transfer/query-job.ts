import { idOf } from './names.ts';
import type { Run } from './runs.ts';
import { DATA_SOURCE } from './settings.ts';
import { tableName } from './table-template.ts';

/** The id of a run's job: the same again as long as the job was not lost. */
export function jobIdOf({ name, attempt }: Run): string {
  return `${DATA_SOURCE}_${idOf(name)}${attempt === 0 ? '' : `_${attempt}`}`;
}

/** The configuration of a run's job, as jobs.insert takes it. */
export function queryJob({ params, dataset, time }: Run, project: string): object {
  const template = params.destination_table_name_template;
  const runTime = new Date(time).toISOString();
  const { partitioning_field: field, partitioning_type: type, write_disposition: writeDisposition } = params;
  return {
    labels: { data_source_id: DATA_SOURCE },
    query: {
      query: params.query,
      useLegacySql: false,
      parameterMode: 'NAMED',
      queryParameters: [
        { name: 'run_time', parameterType: { type: 'TIMESTAMP' }, parameterValue: { value: runTime } },
        { name: 'run_date', parameterType: { type: 'DATE' }, parameterValue: { value: runTime.slice(0, 10) } },
      ],
      ...(template && {
        destinationTable: { projectId: project, datasetId: dataset, tableId: tableName(template, time) },
        ...(writeDisposition && { writeDisposition }),
        ...((field ?? type) && { timePartitioning: { type: type ?? 'DAY', ...(field && { field }) } }),
      }),
    },
  };
}
