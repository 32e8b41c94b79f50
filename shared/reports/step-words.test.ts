import assert from 'node:assert/strict';
import { commands } from '../commands/index.ts';
import { stepSentence, stepWords } from './step-words.ts';

describe('stepWords', () => {
  it('says a step in words, leaving out what it does not have', () => {
    assert.equal(stepSentence({ command: 'interact.write', target: 'Email', text: 'ada' }), 'Write “ada” into “Email”');
    assert.equal(stepSentence({ command: 'interact.write', text: 'ada' }), 'Write “ada”');
    assert.equal(
      stepSentence({ command: 'interact.key', key: 'a', modifiers: ['ctrl', 'shift'] }),
      'Press “ctrl + shift” + “a”',
    );
    assert.equal(stepSentence({ command: 'dialog.confirm', accept: true }), 'Accept the confirmation');
    assert.equal(stepSentence({ command: 'dialog.confirm' }), 'Dismiss the confirmation');
  });

  it('keeps the fields apart from the words', () => {
    assert.deepEqual(stepWords({ command: 'interact.click', target: 'Log in' }), [
      { text: 'Click ' },
      { text: 'Log in', field: 'target' },
    ]);
  });

  it('says conditions and lists in words', () => {
    const branch = { command: 'control.if', condition: { not: { all: [{ visible: 'A' }, { url: '/b' }] } } };
    assert.equal(stepSentence(branch), 'If “not (A is visible and the address is like /b)”');
    assert.equal(stepSentence({ command: 'control.loop', over: ['Tea', 2] }), 'Repeat over “Tea, 2”');
    const until = { command: 'control.loop', until: { variable: 'n', operator: 'gt', value: 2 } };
    assert.equal(stepSentence(until), 'Repeat until “n gt 2”');
  });

  it('never shows a secret text', () => {
    const step = { command: 'interact.write', target: 'Password', text: 'hunter2', secret: true };
    assert.equal(stepSentence(step), 'Write “••••••” into “Password”');
  });

  it('lists the fields of a command it does not know, without the options that every step takes', () => {
    const step = { command: 'new.thing', target: 'x', onFailure: 'continue', label: 'a label' };
    assert.equal(stepSentence(step), 'new.thing target “x”');
    assert.equal(stepSentence({ command: 'constructor' }), 'constructor');
  });

  it('has words for every command of the vocabulary', () => {
    for (const { name } of commands) assert.notEqual(stepWords({ command: name })[0]?.text, name, name);
  });

  it('fills in every example of the vocabulary', () => {
    for (const { examples } of commands)
      for (const example of examples) assert.doesNotMatch(stepSentence(example), /…/, JSON.stringify(example));
  });
});
