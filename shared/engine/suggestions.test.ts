import { deepEqual, equal } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from '../commands/testing/bench.ts';
import { suggestionsOf } from './suggestions.ts';

const page = `<title>Join</title><form onsubmit="event.preventDefault(); document.title = 'Joined'">
<label>Email <input></label><label>Password <input type="password"></label><label>Town <input value="Oslo"></label>
<label>Size <select><option value="">Choose…<option>Large</select></label>
<label><input type="checkbox"> I accept the terms</label><label><input type="checkbox" checked> News</label>
<button>Sign up</button><button disabled>Pay</button></form><a href="#x">Help</a><button>Log out</button>`;

describe('suggestions', () => {
  const { open } = bench({ '/': page });

  it('are steps that can be run as they are: they lead through the form, and then on', async () => {
    const session = await open();
    const run = async (step: Step) => (await session.runCheckpoint({ name: 'x', index: 0, steps: [step] })).status;
    await run({ command: 'navigate.to', url: '/' });
    const done: unknown[] = [];
    for (let title = ''; title !== 'Joined' && done.length < 10; title = (await session.look()).title) {
      const [first] = suggestionsOf((await session.look()).tree);
      done.push(first?.step);
      equal(await run(first?.step as Step), 'passed');
    }
    deepEqual(done, [
      { command: 'interact.write', target: 'Email', text: 'ada@example.com' },
      { command: 'interact.write', target: 'Password', text: 'Correct-horse-1', secret: true },
      { command: 'interact.select', target: 'Size', option: 'Large' },
      { command: 'interact.check', target: 'I accept the terms' },
      { command: 'interact.click', target: 'Sign up' },
    ]);
  });

  it('are the likeliest first, and nothing that is disabled or done', () => {
    const tree = ['- link "Help"', '- button "Log out"', '- button "Pay" [disabled]', '- button "Add to cart"'];
    const told = suggestionsOf([...tree, '- checkbox "News" [checked]', '- textbox "Town": Oslo'].join('\n'));
    deepEqual(
      told.map(({ step }) => step.target),
      ['Add to cart', 'Help', 'Log out'],
    );
    deepEqual(suggestionsOf(''), []);
  });

  it('are of the form before what searches the site; that is sent once something is written', () => {
    const tree = (searched: string) =>
      [
        `- searchbox "Search the shop"${searched}`,
        '- button "Search"',
        '- textbox "Email"',
        '- button "Subscribe"',
      ].join('\n');
    const targets = (of: string) => suggestionsOf(of).map(({ step }) => step.target);
    deepEqual(targets(tree('')), ['Email', 'Subscribe', 'Search the shop', 'Search']);
    deepEqual(targets(tree(': tea')).slice(0, 2).sort(), ['Email', 'Search']);
    deepEqual(targets(tree('').replace('textbox "Email"', 'textbox "Email": a@b.example')), [
      ...['Subscribe', 'Search the shop', 'Search'],
    ]);
    const flights = ['- textbox "From": Oslo', '- button "Search flights"', '- button "Help"'].join('\n');
    deepEqual(targets(flights), ['Search flights', 'Help']);
  });
});
