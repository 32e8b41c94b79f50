import assert from 'node:assert/strict';
import { candidatesOf, snapshotOf } from './snapshots.ts';

const tree = [
  '- main:',
  '  - heading "Shop"',
  '  - list:',
  '    - listitem: Tea',
  '    - listitem: Milk',
  '  - button "Buy"',
];
const whole = tree.join('\n');
const but = (at: number, ...lines: string[]) => tree.toSpliced(at, 1, ...lines).join('\n');

describe('a snapshot', () => {
  it('is whole where there was none before', () => {
    assert.deepEqual(snapshotOf(whole, undefined, 1000), { kind: 'full', text: whole });
  });

  it('says that nothing has changed', () => {
    assert.deepEqual(snapshotOf(whole, whole, 1000), { kind: 'same', text: '' });
  });

  it('is what came and went, below the elements that it lies in', () => {
    const { kind, text } = snapshotOf(but(3, '    - listitem: Rum'), whole, 1000);
    assert.equal(kind, 'diff');
    assert.deepEqual(text.split('\n'), ['  - main:', '    - list:', '-     - listitem: Tea', '+     - listitem: Rum']);
    assert.deepEqual(snapshotOf(but(4), whole, 1000).text.split('\n').at(-1), '-     - listitem: Milk');
    assert.deepEqual(snapshotOf(but(4, tree[4] as string, '    - listitem: Rum'), whole, 1000).text.split('\n'), [
      '  - main:',
      '    - list:',
      '+     - listitem: Rum',
    ]);
  });

  it('is whole where that is shorter than the difference', () => {
    assert.deepEqual(snapshotOf('- main: Gone', whole, 1000), { kind: 'full', text: '- main: Gone' });
  });

  it('is cut between elements, and says so', () => {
    const { text, note } = snapshotOf(whole, undefined, 50);
    assert.deepEqual(text.split('\n'), tree.slice(0, 3));
    assert.match(note ?? '', /^3 of 6 lines were left out/);
  });

  it('counts bytes, not characters', () => {
    assert.equal(snapshotOf('- text: äöü\n- text: b', undefined, 14).text, '- text: äöü');
    assert.equal(snapshotOf('- text: äöü\n- text: b', undefined, 13).text, '');
  });
});

describe('candidates', () => {
  it('are what can be acted upon, each by a target that tells it from the others', () => {
    const text =
      '- link "Log in":\n  - /url: /x\n- button "Log in" [disabled]\n- textbox "A \\"b\\"": c\n- heading "No"\n- button';
    assert.deepEqual(candidatesOf(text), [
      { role: 'link', name: 'Log in', target: 'Log in link' },
      { role: 'button', name: 'Log in', target: 'Log in button' },
      { role: 'textbox', name: 'A "b"', target: 'A "b"' },
    ]);
  });
});
