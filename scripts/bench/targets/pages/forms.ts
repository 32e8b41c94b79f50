import type { BenchPage } from '../bench-page.ts';

/** Fields with every kind of label that forms have. */
export const signUp: BenchPage = {
  name: 'sign-up',
  group: 'forms',
  html: `<!doctype html><title>Sign up</title>
<header><a id="brand" href="/">Acme</a> <a id="login" href="/login">Log in</a></header>
<main><h1 id="h">Create your account</h1>
<form>
  <label for="first">First name</label><input id="first" autocomplete="given-name">
  <label for="last">Last name</label><input id="last">
  <label id="l-mail">Email address <input id="mail" type="email"></label>
  <span id="pw-label">Password</span><input id="pw" type="password" aria-labelledby="pw-label">
  <input id="pw2" type="password" aria-label="Repeat password">
  <input id="phone" type="tel" placeholder="Phone number (optional)">
  <label for="country">Country</label><select id="country"><option>Norway</option><option>Sweden</option></select>
  <label for="born">Date of birth</label><input id="born" type="date">
  <label for="about">About you</label><textarea id="about"></textarea>
  <fieldset id="plan"><legend>Plan</legend>
    <label><input type="radio" name="plan" id="free">Free</label>
    <label><input type="radio" name="plan" id="pro">Professional</label>
  </fieldset>
  <input type="checkbox" id="terms"><label for="terms" id="l-terms">I accept the <a id="terms-link" href="/terms">terms of service</a></label>
  <label id="l-news"><input type="checkbox" id="news"> Send me the newsletter</label>
  <label for="photo">Profile photo</label><input id="photo" type="file">
  <button id="create" type="submit">Create account</button> <button id="cancel" type="button">Cancel</button>
</form>
<p>Already a member? <a id="signin" href="/login">Sign in</a></p></main>`,
  cases: [
    ['First name', '#first', 'field'],
    ['Last name', '#last', 'field'],
    ['name', 'ambiguous', 'field'],
    ['Email', '#mail', 'field'],
    ['Email address', '#mail', 'read'],
    ['email field', '#mail', 'field'],
    ['Password', '#pw', 'field'],
    ['Repeat password', '#pw2', 'field'],
    ['repeat password field', '#pw2', 'field'],
    ['Phone number', '#phone', 'field'],
    ['phone', '#phone', 'field'],
    ['Country', '#country', 'list'],
    ['country dropdown', '#country', 'list'],
    ['Date of birth', '#born', 'field'],
    ['About you', '#about', 'field'],
    ['About you textarea', '#about', 'field'],
    ['Professional', '#pro', 'choice'],
    ['Free radio button', '#free', 'choice'],
    ['I accept the terms of service', '#terms', 'choice'],
    ['I accept the terms', '#terms', 'choice'],
    ['terms of service', '#terms-link'],
    ['terms of service link', '#terms-link'],
    ['newsletter', '#news', 'choice'],
    ['newsletter checkbox', '#news', 'choice'],
    ['Profile photo', '#photo'],
    ['Create account', '#create'],
    ['Create account button', '#create'],
    ['Create', '#create'],
    ['cancel', '#cancel'],
    ['Log in', '#login'],
    ['Sign in', '#signin'],
    ['Sign in link', '#signin'],
    ['Create your account', '#h', 'read'],
    ['Create your account heading', '#h', 'read'],
    ['Delete account', 'none'],
    ['Fax number', 'none', 'field'],
  ],
};

/** The same words as a field's label, a button's text and plain text; buttons that are inputs. */
export const search: BenchPage = {
  name: 'search-form',
  group: 'forms',
  html: `<!doctype html><title>Search</title>
<h1 id="h1">Search</h1><p id="p">Search our 20,000 products.</p>
<form role="search"><label for="q">Search</label><input id="q" type="search" placeholder="What are you looking for?">
<input id="go" type="submit" value="Search"><input id="reset" type="reset" value="Clear filters"></form>
<form id="f2"><label for="min">Price from</label><input id="min" type="number"><label for="max">Price to</label><input id="max" type="number">
<label for="vol">Volume</label><input id="vol" type="range">
<label for="sort">Sort by</label><select id="sort"><option id="o1">Price</option><option>Name</option></select>
<button id="apply">Apply</button></form>`,
  cases: [
    ['Search', '#q', 'field'],
    ['Search button', '#go'],
    ['Search field', '#q', 'field'],
    ['Search heading', '#h1', 'read'],
    ['What are you looking for?', '#q', 'field'],
    ['Clear filters', '#reset'],
    ['Price from', '#min', 'field'],
    ['Price to', '#max', 'field'],
    ['Price', 'ambiguous', 'field'],
    ['Volume slider', '#vol'],
    ['Sort by', '#sort', 'list'],
    ['sort dropdown', '#sort', 'list'],
    ['Apply', '#apply'],
    ['20,000 products', '#p', 'read'],
  ],
};
