import assert from 'node:assert/strict';
import domain from 'node:domain';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type CloudEvent, cloudEvent, http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { outsideDomain } from './leave-domain.ts';

describe('a listener outside the domain', () => {
  const { create } = domain;
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    domain.create = create;
    for (const close of closers.splice(0)) await close();
  });

  async function served(name: string): Promise<string> {
    const server = getTestServer(name).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => {
      server.close();
      return once(server, 'close');
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const current = () =>
    [(domain as { active?: unknown }).active, (process as { domain?: unknown }).domain].map((one) => one ?? null);
  /** The domains that are there before what is waited for, and after it. */
  async function seen() {
    const first = current();
    await new Promise((resolve) => setImmediate(resolve));
    return [...first, ...current()].map((one) => one instanceof domain.Domain);
  }
  const event = (origin: string) =>
    fetch(origin, {
      method: 'POST',
      body: '{"told":true}',
      headers: {
        ...{ 'ce-specversion': '1.0', 'ce-id': '1', 'ce-type': 't', 'ce-source': 's' },
        'content-type': 'application/json',
      },
    });

  it('has none, nor has what it waits for', async () => {
    http('inside', async (_request, response) => void response.json(await seen()));
    assert.ok(
      ((await (await fetch(await served('inside'))).json()) as boolean[]).includes(true),
      'the framework has one',
    );
    http(
      'outside',
      outsideDomain(async (_request, response) => void response.json(await seen())),
    );
    assert.deepEqual(await (await fetch(await served('outside'))).json(), [false, false, false, false]);
  });

  it('is told of events, which are answered for when it is done with them', async () => {
    const told: unknown[] = [];
    cloudEvent(
      'told',
      outsideDomain(async ({ data }: CloudEvent<unknown>) => {
        await new Promise((resolve) => setImmediate(resolve));
        told.push(data);
      }),
    );
    const answer = await event(await served('told'));
    assert.deepEqual([answer.status, told], [204, [{ told: true }]]);
  });

  it('answers with 500 for an event that it has thrown at', async () => {
    const { error } = console;
    console.error = () => {};
    try {
      cloudEvent(
        'throws',
        outsideDomain(async () => {
          throw new Error('this one is meant');
        }),
      );
      assert.equal((await event(await served('throws'))).status, 500);
    } finally {
      console.error = error;
    }
  });

  it('is given what it is called with, and its result is given back', () => {
    assert.equal(outsideDomain((a: number, b: number) => a - b)(5, 3), 2);
  });
});
