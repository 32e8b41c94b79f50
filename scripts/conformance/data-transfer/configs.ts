import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, paramsOf } from './clients.ts';

/** Creating, reading, listing and deleting configs. */
export function configs({ transfers, create, dataset, parent, run }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const scheduled = (more: object) => ({
    parent,
    transferConfig: {
      ...{ displayName: 'x', dataSourceId: 'scheduled_query', params: paramsOf({ query: 'SELECT 1' }) },
      ...more,
    },
  });
  method('CreateTransferConfig', {
    'names the config and answers what it was given': async () => {
      const made = await create(
        { query: 'SELECT 2 AS n', destination_table_name_template: 'n', write_disposition: 'WRITE_TRUNCATE' },
        { displayName: 'Twos', destinationDatasetId: dataset.id ?? '', schedule: 'every monday 09:00' },
      );
      assert.match(made.name, /^projects\/[^/]+\/locations\/us\/transferConfigs\/[0-9a-f-]{36}$/);
      assert.deepEqual(
        [made.displayName, made.dataSourceId, made.destinationDatasetId, made.schedule, made.datasetRegion],
        ['Twos', 'scheduled_query', dataset.id, 'every monday 09:00', 'us'],
      );
      assert.equal(made.params?.fields?.query?.stringValue, 'SELECT 2 AS n');
      assert.equal(made.params?.fields?.write_disposition?.stringValue, 'WRITE_TRUNCATE');
      assert.ok(made.updateTime);
    },
    'says when it runs next': async () => {
      const { nextRunTime } = await create({}, { schedule: 'every day 06:00' });
      assert.equal(Number(nextRunTime?.seconds) % 86_400, 6 * 3600);
    },
    'plans no run when it is disabled, or started by hand only': async () => {
      assert.ok(!(await create({}, { schedule: 'every day 06:00', disabled: true })).nextRunTime);
      assert.ok(!(await create()).nextRunTime);
    },
    'refuses a config without a query': async () => {
      await fails(transfers.createTransferConfig(scheduled({ params: paramsOf({}) })), 'INVALID_ARGUMENT', /query/);
    },
    'refuses a parameter that there is not': async () => {
      const params = paramsOf({ query: 'SELECT 1', colour: 'red' });
      await fails(transfers.createTransferConfig(scheduled({ params })), 'INVALID_ARGUMENT', /colour/);
    },
    'refuses a write disposition that there is not': async () => {
      const params = paramsOf({ query: 'SELECT 1', write_disposition: 'WRITE_SOMEHOW' });
      await fails(transfers.createTransferConfig(scheduled({ params })), 'INVALID_ARGUMENT', /write_disposition/);
    },
    'refuses a schedule that cannot be read': async () => {
      await fails(
        transfers.createTransferConfig(scheduled({ schedule: '0 6 * * *' })),
        'INVALID_ARGUMENT',
        /schedule/i,
      );
    },
    'refuses to run more often than every five minutes': async () => {
      const call = transfers.createTransferConfig(scheduled({ schedule: 'every 4 minutes' }));
      await fails(call, 'INVALID_ARGUMENT');
    },
    'refuses a dataset that is not there': async () => {
      const params = paramsOf({ query: 'SELECT 1', destination_table_name_template: 't' });
      const destinationDatasetId = world.name('no').replaceAll('-', '_');
      await fails(transfers.createTransferConfig(scheduled({ params, destinationDatasetId })), 'NOT_FOUND');
    },
    'refuses a location that is not the dataset’s': async () => {
      const request = scheduled({ destinationDatasetId: dataset.id });
      const elsewhere = { ...request, parent: parent.replace(/us$/, 'europe-west1') };
      await fails(
        transfers.createTransferConfig(elsewhere),
        'INVALID_ARGUMENT',
        /REGION_EUROPE_WEST_1.*JURISDICTION_US/,
      );
    },
    'takes a parent without a location for the United States': async () => {
      const request = scheduled({ scheduleOptions: { disableAutoScheduling: true } });
      const [{ name }] = await transfers.createTransferConfig({ ...request, parent: `projects/${world.project}` });
      await transfers.deleteTransferConfig({ name: name ?? '' });
      assert.match(name ?? '', /\/locations\/us\//);
    },
  });
  method('GetTransferConfig', {
    'answers the config, also by its name without a location': async () => {
      const { name, displayName } = await create();
      assert.equal((await transfers.getTransferConfig({ name }))[0].displayName, displayName);
      const short = name.replace('/locations/us', '');
      assert.equal((await transfers.getTransferConfig({ name: short }))[0].displayName, displayName);
    },
    'tells the state of the latest run': async () => {
      const config = await create();
      await run(config);
      assert.equal((await transfers.getTransferConfig({ name: config.name }))[0].state, 'SUCCEEDED');
    },
    'fails for a config that is not there': async () => {
      const { name } = await create();
      await fails(transfers.getTransferConfig({ name: name.replace(/[^/]+$/, 'no') }), 'NOT_FOUND');
    },
    'refuses a name of another form': async () => {
      await fails(transfers.getTransferConfig({ name: `${parent}/configs/x` }), 'INVALID_ARGUMENT');
    },
  });
  method('ListTransferConfigs', {
    'lists the configs of a location': async () => {
      const { name } = await create();
      const [here] = await transfers.listTransferConfigs({ parent, dataSourceIds: ['scheduled_query'] });
      assert.ok(here.some((config) => config.name === name));
      const [there] = await transfers.listTransferConfigs({ parent: parent.replace(/us$/, 'europe-west1') });
      assert.ok(!there.some((config) => config.name === name));
    },
    'gives pages': async () => {
      for (const _ of [1, 2, 3]) await create();
      const names: unknown[] = [];
      for (let pageToken = ''; ; ) {
        const request = { parent, pageSize: 2, pageToken };
        const [page, , answer] = await transfers.listTransferConfigs(request, { autoPaginate: false });
        assert.ok(page.length <= 2);
        names.push(...page.map(({ name }) => name));
        pageToken = answer.nextPageToken ?? '';
        if (pageToken === '') break;
      }
      const [whole] = await transfers.listTransferConfigs({ parent });
      assert.deepEqual(names.sort(), whole.map(({ name }) => name).sort());
    },
  });
  method('DeleteTransferConfig', {
    'removes the config and its runs': async () => {
      const config = await create();
      const { name } = await run(config);
      await transfers.deleteTransferConfig({ name: config.name });
      await fails(transfers.getTransferConfig({ name: config.name }), 'NOT_FOUND');
      await fails(transfers.getTransferRun({ name }), 'NOT_FOUND');
      await fails(transfers.deleteTransferConfig({ name: config.name }), 'NOT_FOUND');
    },
  });
  return all;
}
