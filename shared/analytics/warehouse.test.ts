import assert from 'node:assert/strict';
import sinon from 'sinon';
import { testPlatform } from '../platform/testing.ts';
import { commandExecutions } from '../resources/tables.ts';
import { rowsOf } from './rows.ts';
import { warehouse } from './warehouse.ts';

describe('the warehouse', () => {
  function bench() {
    const insert = sinon.stub().resolves();
    const table = sinon.stub().returns({ insert });
    const dataset = sinon.stub().returns({ table });
    const service = warehouse.make(testPlatform({ clients: { bigquery: async () => ({ dataset }) } }));
    return { insert, table, dataset, service };
  }
  const rows = [{ event_id: 'evt_1' }, { event_id: 'evt_2' }];

  it('takes rows under the ids of their events', async () => {
    const { insert, table, dataset, service } = bench();
    assert.deepEqual(await service.insert(commandExecutions, rows), []);
    assert.deepEqual([dataset.firstCall.args, table.firstCall.args], [['analytics'], ['command_executions']]);
    const [raw] = insert.firstCall.args;
    assert.deepEqual(
      raw,
      rows.map((json) => ({ insertId: json.event_id, json })),
    );
  });

  it('tells which rows it refused, and why', async () => {
    const { insert, service } = bench();
    insert.callsFake(async (raw: object[]) => {
      const errors = [{ row: raw[1], errors: [{ message: 'no such field' }, { message: 'x' }] }];
      throw Object.assign(new Error('partial'), { name: 'PartialFailureError', errors });
    });
    assert.deepEqual(await service.insert(commandExecutions, rows), [{ index: 1, reason: 'no such field; x' }]);
  });

  it('fails when nothing could be stored', async () => {
    const { insert, service } = bench();
    insert.rejects(new Error('quota'));
    await assert.rejects(service.insert(commandExecutions, rows), /quota/);
  });
});

describe('the rows of an event', () => {
  const event = (type: string, data: Record<string, unknown> = {}) => ({
    specversion: '1.0' as const,
    id: 'evt_1',
    source: 'virtuoso',
    type,
    subject: 's',
    time: '2026-03-04T12:00:00Z',
    datacontenttype: 'application/json' as const,
    data,
  });

  it('have a value for every column of their table, and nothing else', () => {
    for (const type of ['command.executed', 'command.failed', 'session.completed', 'request.completed']) {
      for (const { table, row } of rowsOf(event(type, { command: 'interact.click', unheard_of: 1 }))) {
        assert.deepEqual(Object.keys(row), Object.keys(table.columns));
        assert.equal(row.event_id, 'evt_1');
      }
    }
  });

  it('of a request outside the sample are its activity alone', () => {
    const tables = (data: object) =>
      rowsOf(event('request.completed', data as Record<string, unknown>)).map(({ table }) => table.name);
    assert.deepEqual(tables({ method: 'POST' }), ['performance_metrics', 'user_activity']);
    assert.deepEqual(tables({ method: 'POST', measured: false }), ['user_activity']);
    assert.deepEqual(tables({ method: 'GET' }), ['performance_metrics']);
  });

  it('of a command name its group', () => {
    assert.equal(rowsOf(event('command.failed', { command: 'interact.click' }))[0]?.row.command_group, 'interact');
  });

  it('are none for other types', () => {
    for (const type of ['run.started', 'toString', '__proto__']) assert.deepEqual(rowsOf(event(type)), []);
  });
});
