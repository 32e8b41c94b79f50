import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { answers, type Clients, fails } from './clients.ts';

export function preconditions({ bucket, file, saved, request }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const path = (name: string, query: string) => `/storage/v1/b/${bucket.name}/o/${encodeURIComponent(name)}?${query}`;
  const insert = (name: string, query: string) =>
    request(`/upload/storage/v1/b/${bucket.name}/o?uploadType=media&name=${name}&${query}`, {
      method: 'POST',
      body: 'x',
    });
  const patch = (name: string, query: string) =>
    request(path(name, query), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"contentType":"text/html"}',
    });

  method('objects.insert (preconditions)', {
    'makes an object only where there is none': async () => {
      const target = file();
      const preconditionOpts = { ifGenerationMatch: 0 };
      await target.save('1', { resumable: false, preconditionOpts });
      await fails(target.save('2', { resumable: false, preconditionOpts }), 412, /condition/);
      assert.equal(String((await target.download())[0]), '1');
    },
    'overwrites only the generation that the caller knows': async () => {
      const target = await saved();
      const generation = Number(target.metadata.generation);
      await fails(target.save('2', { resumable: false, preconditionOpts: { ifGenerationMatch: generation + 1 } }), 412);
      await target.save('2', { resumable: false, preconditionOpts: { ifGenerationMatch: generation } });
    },
    'overwrites only what is there, by ifGenerationNotMatch=0': async () => {
      await answers(await insert(file().name, 'ifGenerationNotMatch=0'), 412);
      await answers(await insert((await saved()).name, 'ifGenerationNotMatch=0'), 200);
    },
    'takes ifMetagenerationMatch and ifMetagenerationNotMatch': async () => {
      const { name } = await saved();
      await answers(await insert(name, 'ifMetagenerationMatch=2'), 412);
      await answers(await insert(name, 'ifMetagenerationNotMatch=1'), 412);
      await answers(await insert(name, 'ifMetagenerationMatch=1'), 200);
    },
    'refuses a condition that is no number': async () => {
      await answers(await insert(file().name, 'ifGenerationMatch=latest'), 400);
    },
  });

  for (const [title, alt] of [
    ['objects.get (preconditions)', 'alt=json'],
    ['objects.get (media, preconditions)', 'alt=media'],
  ] as const) {
    method(title, {
      'answers 412 when a Match condition does not hold': async () => {
        const { name } = await saved();
        await answers(await request(path(name, `${alt}&ifGenerationMatch=1`)), 412);
        await answers(await request(path(name, `${alt}&ifMetagenerationMatch=2`)), 412);
      },
      'answers 304 when a NotMatch condition does not hold': async () => {
        const { name, metadata } = await saved();
        await answers(await request(path(name, `${alt}&ifGenerationNotMatch=${metadata.generation}`)), 304);
        await answers(await request(path(name, `${alt}&ifMetagenerationNotMatch=1`)), 304);
      },
      'answers when they hold': async () => {
        const { name, metadata } = await saved();
        const query = `${alt}&ifGenerationMatch=${metadata.generation}&ifMetagenerationNotMatch=9`;
        await answers(await request(path(name, query)), 200);
      },
    });
  }

  method('objects.patch (preconditions)', {
    'refuses another generation or metageneration': async () => {
      const { name, metadata } = await saved();
      await answers(await patch(name, 'ifGenerationMatch=1'), 412);
      await answers(await patch(name, `ifGenerationNotMatch=${metadata.generation}`), 412);
      await answers(await patch(name, 'ifMetagenerationMatch=2'), 412);
      await answers(await patch(name, 'ifMetagenerationNotMatch=1'), 412);
      await answers(await patch(name, `ifGenerationMatch=${metadata.generation}&ifMetagenerationMatch=1`), 200);
    },
    'lets one of two writers win': async () => {
      const target = await saved();
      const write = () => target.setMetadata({ metadata: { by: 'me' } }, { ifMetagenerationMatch: 1 });
      const results = await Promise.allSettled([write(), write()]);
      assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    },
  });

  method('objects.delete (preconditions)', {
    'refuses another generation or metageneration': async () => {
      const { name, metadata } = await saved();
      const remove = (query: string) => request(path(name, query), { method: 'DELETE' });
      await answers(await remove('ifGenerationMatch=1'), 412);
      await answers(await remove(`ifGenerationNotMatch=${metadata.generation}`), 412);
      await answers(await remove('ifMetagenerationMatch=2'), 412);
      await answers(await remove('ifMetagenerationNotMatch=1'), 412);
      await answers(await remove(`ifGenerationMatch=${metadata.generation}`), 204);
    },
    'is what the client asks for': async () => {
      const target = await saved();
      await fails(target.delete({ ifGenerationMatch: 1 }), 412);
      await target.delete({ ifGenerationMatch: Number(target.metadata.generation) });
    },
  });
  return all;
}
