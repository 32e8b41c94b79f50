import assert from 'node:assert/strict';
import { renderManifest } from './manifest.ts';

describe('renderManifest', () => {
  it('lists files in the order of their names, with size and SHA-256', () => {
    const manifest = renderManifest([
      { name: 'results.json', bytes: 'é' },
      { name: 'index.html', bytes: Buffer.from('abc') },
    ]);
    assert.deepEqual(JSON.parse(manifest), {
      algorithm: 'sha256',
      files: [
        { name: 'index.html', size: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
        { name: 'results.json', size: 2, sha256: '4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c' },
      ],
    });
  });

  it('refuses two files of one name', () => {
    const twice = [
      { name: 'a', bytes: '1' },
      { name: 'a', bytes: '2' },
    ];
    assert.throws(() => renderManifest(twice), /named 'a'/);
  });
});
