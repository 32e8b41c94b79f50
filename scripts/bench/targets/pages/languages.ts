import type { BenchPage } from '../bench-page.ts';

/** German: long words, umlauts, and an English test's location words beside German labels. */
export const german: BenchPage = {
  name: 'german',
  group: 'other languages',
  html: `<!doctype html><html lang="de"><title>Anmeldung</title><header><a id="start" href="/">Startseite</a><button id="h-an">Anmelden</button></header>
<main><h1>Anmelden</h1><label>E-Mail-Adresse <input id="mail"></label><label>Passwort <input id="pw" type="password"></label>
<label><input type="checkbox" id="stay"> Angemeldet bleiben</label><button id="an">Anmelden</button><a id="forgot" href="#">Passwort vergessen?</a>
<button id="street">STRASSE PRÜFEN</button><label for="gr">Größe</label><select id="gr"><option>Groß</option></select></main>`,
  cases: [
    ['Anmelden in the header', '#h-an'],
    ['Anmelden in the main', '#an'],
    ['Anmelden', 'ambiguous'],
    ['E-Mail-Adresse', '#mail', 'field'],
    ['E-Mail', '#mail', 'field'],
    ['Passwort', '#pw', 'field'],
    ['Passwort vergessen?', '#forgot'],
    ['Passwort vergessen', '#forgot'],
    ['Angemeldet bleiben', '#stay', 'choice'],
    ['Straße prüfen', '#street'],
    ['Größe', '#gr', 'list'],
  ],
};

/** Japanese, Arabic, Russian, Greek, Turkish: no spaces, right to left, other cases, combined letters. */
export const scripts: BenchPage = {
  name: 'scripts',
  group: 'other languages',
  html: `<!doctype html><meta charset="utf-8"><title>Scripts</title><section lang="ja"><button id="ja-login">ログイン</button><label>パスワード<input id="ja-pw"></label><a id="ja-new" href="#">新規登録はこちら</a></section>
<section lang="ar" dir="rtl"><button id="ar-buy">اشترِ الآن</button><label>البريد الإلكتروني <input id="ar-mail"></label></section>
<section lang="ru"><button id="ru-save">Сохранить</button><button id="ru-save-as">Сохранить как…</button></section>
<section lang="el"><button id="el-send">ΑΠΟΣΤΟΛΗ</button></section><section lang="tr"><button id="tr-del">İptal</button></section>
<section lang="fr"><button id="fr-cafe">Cafe\u0301 cre\u0300me</button><a id="fr-help" href="#">Besoin\u00a0d’aide\u00a0?</a></section><button id="emoji">🚀 Launch</button>`,
  cases: [
    ['ログイン', '#ja-login'],
    ['パスワード', '#ja-pw', 'field'],
    ['新規登録', '#ja-new'],
    ['اشترِ الآن', '#ar-buy'],
    ['البريد الإلكتروني', '#ar-mail', 'field'],
    ['Сохранить', '#ru-save'],
    ['сохранить как', '#ru-save-as'],
    ['Αποστολή', '#el-send'],
    ['Café crème', '#fr-cafe'],
    ["Besoin d'aide", '#fr-help'],
    ['Besoin d’aide ?', '#fr-help'],
    ['Launch', '#emoji'],
    ['🚀 Launch', '#emoji'],
    ['İptal', '#tr-del'],
  ],
};
