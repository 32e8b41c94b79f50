import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, done, fails, type JobResource, type Resource } from './clients.ts';

/** An answer of jobs.list. */
interface Found {
  readonly jobs?: readonly JobResource[];
}

export function jobs(
  { newDataset, bigquery, id, request, ran, dataset }: Clients,
  { project, clock }: World,
): readonly Behaviour[] {
  const { method, all } = collector();
  const insert = (configuration: object, jobReference?: object) =>
    request('/jobs', { method: 'POST', json: { configuration, ...(jobReference && { jobReference }) } });
  const select = (query: string) => ({ query: { query, useLegacySql: false } });

  method('jobs.insert', {
    'takes an id and a location, and gives them back': async () => {
      const jobId = id('j');
      const [job] = await bigquery.createQueryJob({ query: 'SELECT 1', jobId, location: 'US' });
      assert.equal(job.id, jobId);
      const { jobReference, configuration, statistics, ...rest } = (await done(job)) as JobResource & Resource;
      assert.deepEqual(jobReference, { projectId: project, jobId, location: 'US' });
      assert.equal(configuration.jobType, 'QUERY');
      assert.equal(rest.kind, 'bigquery#job');
      assert.equal(rest.id, `${project}:US.${jobId}`);
      assert.ok(rest.etag && rest.user_email);
      assert.match(String(rest.selfLink), new RegExp(`/projects/${project}/jobs/${jobId}\\?location=US$`));
      const [created, started, ended] = ['creationTime', 'startTime', 'endTime'].map((key) => Number(statistics[key]));
      assert.ok(created && started && ended && created <= started && started <= ended);
    },
    'runs where its dataset is': async () => {
      const owner = await newDataset({ location: 'EU' });
      const [table] = await owner.createTable('t', { schema: 'a:INTEGER' });
      const [copy] = await table.createCopyJob(owner.table('u'));
      assert.equal((await done(copy)).jobReference.location, 'EU');
      const [query] = await owner.createQueryJob('SELECT a FROM t');
      await query.getQueryResults();
      assert.equal(((await query.getMetadata())[0] as JobResource).jobReference.location, 'EU');
    },
    'refuses to run elsewhere than its dataset is': async () => {
      const owner = await newDataset({ location: 'EU' });
      const [table] = await owner.createTable('t', { schema: 'a:INTEGER' });
      const [sourceTable, tableId] = [{ projectId: project, datasetId: owner.id, tableId: table.id }, 'u'];
      const copy = { sourceTable, destinationTable: { ...sourceTable, tableId } };
      await fails(insert({ copy }, { projectId: project, location: 'US' }), 'notFound', /Not found: Dataset/);
    },
    'takes a query elsewhere than its dataset is for a job that has failed': async () => {
      const owner = await newDataset({ location: 'EU' });
      const query = { query: 'SELECT 1', useLegacySql: false, defaultDataset: { datasetId: owner.id } };
      const answer = await insert({ query }, { projectId: project, location: 'US' });
      const { jobReference, status } = answer as unknown as JobResource;
      assert.equal(jobReference.location, 'US');
      assert.equal(status.state, 'DONE');
      assert.equal(status.errorResult?.reason, 'notFound');
      await fails(
        bigquery.dataset(String(owner.id), { location: 'US' }).query('SELECT 1'),
        'notFound',
        /Not found: Dataset/,
      );
    },
    'makes an id of its own, with a prefix': async () => {
      const [job] = await bigquery.createQueryJob({ query: 'SELECT 1', jobPrefix: 'mine-' });
      assert.match(String(job.id), /^mine-.{8,}/);
      await job.getQueryResults();
    },
    'refuses an id that is taken': async () => {
      const jobId = id('j');
      await ran('SELECT 1', { jobId });
      await fails(insert(select('SELECT 1'), { jobId, projectId: project }), 'duplicate', /Already Exists: Job/);
    },
    'refuses an id with a point': () =>
      fails(insert(select('SELECT 1'), { jobId: 'a.b', projectId: project }), 'invalid'),
    'refuses a job that does nothing, or two things': async () => {
      await fails(insert({}), 'invalid');
      await fails(insert({ ...select('SELECT 1'), load: {} }), 'invalid');
    },
    'keeps labels': async () => {
      const { configuration } = await ran('SELECT 1', { labels: { team: 'qa' } });
      assert.deepEqual(configuration.labels, { team: 'qa' });
    },
    'tells the columns of a query and what it would read, by a dry run': async () => {
      const [job] = await bigquery.createQueryJob({ query: "SELECT 1 AS a, ['x'] AS l", dryRun: true });
      const { statistics, status } = job.metadata as JobResource;
      assert.equal(status.state, 'DONE');
      assert.equal(statistics.totalBytesProcessed, '0');
      assert.deepEqual(
        statistics.query?.schema?.fields.map(({ name, type, mode }) => [name, type, mode]),
        [
          ['a', 'INTEGER', 'NULLABLE'],
          ['l', 'STRING', 'REPEATED'],
        ],
      );
    },
    'runs nothing by a dry run': async () => {
      const table = dataset.table(id());
      await bigquery.createQueryJob({ query: `CREATE TABLE ${dataset.id}.${table.id} (a INT64)`, dryRun: true });
      assert.deepEqual(await table.exists(), [false]);
    },
    'says by a dry run what is wrong': () =>
      fails(bigquery.createQueryJob({ query: 'SELECT FROM', dryRun: true }), 'invalidQuery', /Syntax error/),
  });

  method('jobs.get', {
    'finds a job': async () => {
      const { jobReference } = await ran('SELECT 1');
      const [job] = await bigquery.job(jobReference.jobId).get();
      assert.equal((job.metadata as JobResource).status.state, 'DONE');
      assert.deepEqual(await bigquery.job(jobReference.jobId).exists(), [true]);
    },
    'answers notFound for a job that does not exist': async () => {
      await fails(bigquery.job(id('none')).getMetadata(), 'notFound', /Not found: Job/);
      assert.deepEqual(await bigquery.job(id('none')).exists(), [false]);
    },
    'finds a job of a region only there': async () => {
      const owner = await newDataset({ location: 'us-east1' });
      const [query] = await owner.createQueryJob({ query: 'SELECT 1', location: 'us-east1' });
      const at = (location?: string) => bigquery.job(query.id ?? '', location ? { location } : {}).getMetadata();
      await fails(at(), 'notFound', /Not found: Job/);
      await fails(at('us-west1'), 'notFound', /Not found: Job/);
      await at('us-east1');
    },
    'says why a job has failed': async () => {
      const [job] = await bigquery.createQueryJob("SELECT ERROR('on purpose')");
      await assert.rejects(done(job), /on purpose/);
      const { status } = (await job.getMetadata())[0] as JobResource;
      assert.equal(status.state, 'DONE');
      assert.equal(status.errorResult?.reason, 'invalidQuery');
      assert.equal(status.errorResult?.location, 'query');
      assert.match(String(status.errorResult?.message), /on purpose/);
      assert.equal(status.errors?.[0]?.reason, 'invalidQuery');
    },
  });

  method('jobs.list', {
    'lists the newest first, with their states': async () => {
      const [first, second] = [await ran('SELECT 1'), await ran('SELECT 2')].map((each) => each.jobReference.jobId);
      const [found] = await bigquery.getJobs({ maxResults: 50, autoPaginate: false });
      const ids = found.map((each) => String(each.id));
      assert.ok(ids.indexOf(String(second)) >= 0 && ids.indexOf(String(second)) < ids.indexOf(String(first)));
      const metadata = found.find((each) => each.id === first)?.metadata as Resource;
      assert.equal(metadata.state, 'DONE');
    },
    'lists only those in a state': async () => {
      const { jobReference } = await ran('SELECT 1');
      const ids = async (stateFilter: string) => {
        const { jobs: found = [] } = (await request('/jobs', { qs: { stateFilter, maxResults: 50 } })) as Found;
        return found.map((each) => each.jobReference.jobId);
      };
      assert.ok((await ids('done')).includes(jobReference.jobId));
      assert.ok(!(await ids('pending')).includes(jobReference.jobId));
    },
    'lists only those made in a time': async () => {
      const { jobReference, statistics } = await ran('SELECT 1');
      const made = Number(statistics.creationTime);
      const ids = async (from: number, to: number) => {
        const qs = { minCreationTime: String(from), maxCreationTime: String(to) };
        const { jobs: found = [] } = (await request('/jobs', { qs })) as Found;
        return found.map((each) => each.jobReference.jobId);
      };
      assert.ok((await ids(made, made)).includes(jobReference.jobId));
      assert.deepEqual(await ids(made - 20, made - 10_000), []);
      assert.ok(!(await ids(made + 1, made + 1000)).includes(jobReference.jobId));
    },
    'goes on where a page ended': async () => {
      await ran('SELECT 1');
      await ran('SELECT 2');
      const page = async (pageToken?: string) =>
        (await request('/jobs', { qs: { maxResults: 1, ...(pageToken && { pageToken }) } })) as {
          jobs: { id: string }[];
          nextPageToken?: string;
        };
      const first = await page();
      assert.equal(first.jobs.length, 1);
      assert.notEqual((await page(first.nextPageToken)).jobs[0]?.id, first.jobs[0]?.id);
    },
  });

  method('jobs.cancel', {
    'answers with the job, also when it has ended': async () => {
      const { jobReference } = await ran('SELECT 1');
      const [answer] = (await bigquery.job(jobReference.jobId).cancel()) as [Resource];
      assert.equal(answer.kind, 'bigquery#jobCancelResponse');
      assert.deepEqual((answer.job as JobResource).jobReference, jobReference);
    },
    'answers notFound for a job that does not exist': () =>
      fails(bigquery.job(id('none')).cancel(), 'notFound', /Not found: Job/),
  });

  method('jobs.delete', {
    'removes a job': async () => {
      const { jobReference } = await ran('SELECT 1');
      const job = bigquery.job(jobReference.jobId, { location: 'US' });
      await job.delete();
      assert.deepEqual(await job.exists(), [false]);
    },
  });

  if (clock)
    method('jobs (in time)', {
      'are forgotten after half a year': async () => {
        const { jobReference } = await ran('SELECT 1');
        clock.advance(179 * 86_400_000);
        await ran('SELECT 2');
        assert.deepEqual(await bigquery.job(jobReference.jobId).exists(), [true]);
        clock.advance(2 * 86_400_000);
        await ran('SELECT 3');
        assert.deepEqual(await bigquery.job(jobReference.jobId).exists(), [false]);
      },
    });
  return all;
}
