import assert from 'node:assert/strict';
import { escapeHtml, html, trusted } from './markup.ts';

describe('html', () => {
  it('escapes every value, in content and in attributes', () => {
    const hostile = `<script>alert("1")</script>&'`;
    assert.equal(
      html`<p title="${hostile}">${hostile}</p>`.text,
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</p>',
    );
  });

  it('nests templates, joins lists and leaves nothing for nothing', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    assert.equal(html`<ul>${items}</ul>${undefined}${null}${false}${0}`.text, '<ul><li>a</li><li>&lt;b&gt;</li></ul>0');
  });

  it('lets text of our own through as it is', () => {
    assert.equal(html`<style>${trusted('a > b {}')}</style>`.text, '<style>a > b {}</style>');
  });

  it('shows what HTML cannot hold as U+FFFD', () => {
    assert.equal(escapeHtml('a\u0000b\u001b[0m\ud800'), 'a\ufffdb\ufffd[0m\ufffd');
    assert.equal(escapeHtml('line\n\ttab 👍'), 'line\n\ttab 👍');
  });
});
