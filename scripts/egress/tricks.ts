import { addresses } from './addresses.ts';
import { markup, script, type Trick } from './trick.ts';

const socket = (host: string, port: number): string => `ws://${host}:${port}/`;
const tls = (host: string, port: number): string => `https://${host}:${port}/`;
const ice =
  (prefix: string, suffix = '') =>
  (host: string, port: number) =>
    `${prefix}:${host}:${port}${suffix}`;

const scripts: readonly Trick[] = [
  script('fetch', "fetch(url, { mode: 'no-cors' })"),
  script('fetch that outlives its page', "fetch(url, { mode: 'no-cors', keepalive: true })"),
  script('fetch over TLS', "fetch(url, { mode: 'no-cors' })", { written: tls }),
  script('XMLHttpRequest', "const x = new XMLHttpRequest(); x.open('POST', url); x.send('a')"),
  script('sendBeacon', "navigator.sendBeacon(url, 'a')"),
  script('EventSource', 'new EventSource(url)'),
  script('WebSocket', 'new WebSocket(url)', { written: socket }),
  script('import()', 'import(url)'),
  script('Cache.add', "caches.open('a').then((cache) => cache.add(new Request(url, { mode: 'no-cors' })))"),
  script('FontFace.load', 'new FontFace("a", "url(" + url + ")").load()'),
  script('a worklet', 'const a = new AudioContext(); a.audioWorklet.addModule(url)'),
];

const asked = (path: string): string => `'/${path}?to=' + encodeURIComponent(url)`;

const workers: readonly Trick[] = [
  script('a worker', `new Worker(${asked('fetching.js')})`),
  script('a worker, importScripts', `new Worker(${asked('importing.js')})`),
  script('a worker, WebSocket', `new Worker(${asked('dialling.js')})`, { written: socket }),
  script('a shared worker', `new SharedWorker(${asked('fetching.js')})`),
  script(
    'a service worker',
    `navigator.serviceWorker.register(${asked('fetching.js')}, { scope: '/' + Math.random() })`,
  ),
];

const elements: readonly Trick[] = [
  markup('<img>', '<img src="URL">'),
  markup('<img srcset>', '<img srcset="URL 1x">'),
  markup('<input type=image>', '<input type=image src="URL">'),
  markup('<script>', '<script src="URL"></script>'),
  markup('<script type=module>', '<script type=module src="URL"></script>'),
  markup('<iframe>', '<iframe src="URL"></iframe>'),
  markup('<object>', '<object data="URL"></object>'),
  markup('<embed>', '<embed src="URL">'),
  markup('<object> of a PDF', '<object type="application/pdf" data="URL"></object>', { rare: true }),
  markup('<video>', '<video preload=auto src="URL"></video>'),
  markup('<video poster>', '<video poster="URL"></video>'),
  markup('<audio>', '<audio preload=auto src="URL"></audio>'),
  markup('<svg>', '<svg><image href="URL"/></svg>'),
  markup('a style, background', '<p style="background: url(URL)">a</p>'),
  markup('a style, @import', '<style>@import url(URL);</style>'),
  markup(
    '<a ping>',
    '<iframe name=a></iframe><a ping="URL" href="/empty" target=a></a><script>document.links[0].click()</script>',
  ),
  markup('a download', '<a download=a href="URL"></a><script>document.links[0].click()</script>'),
  markup('a form, GET', '<form action="URL"><input name=a></form><script>document.forms[0].submit()</script>'),
  markup(
    'a form, POST',
    '<form method=post action="URL"><input name=a></form><script>document.forms[0].submit()</script>',
  ),
  markup(
    'a sandboxed frame',
    `<iframe sandbox="allow-scripts" srcdoc="<script>fetch('URL', { mode: 'no-cors' })</script>"></iframe>`,
  ),
];

const links: readonly Trick[] = [
  markup('<link rel=stylesheet>', '<link rel=stylesheet href="URL">'),
  markup('<link rel=preload>', '<link rel=preload as=script href="URL">'),
  markup('<link rel=modulepreload>', '<link rel=modulepreload href="URL">'),
  markup('<link rel=manifest>', '<link rel=manifest href="URL">', { tab: true, rare: true }),
  markup('<link rel=icon>', '<link rel=icon href="URL">', { tab: true, rare: true }),
  markup('<link rel=preconnect>', '<link rel=preconnect href="URL">', { around: true, rare: true }),
  markup('<link rel=dns-prefetch>', '<link rel=dns-prefetch href="URL">', { around: true, rare: true }),
  markup('<link rel=prefetch>', '<link rel=prefetch href="URL">'),
  markup('speculation rules, prefetch', speculation('prefetch'), { tab: true }),
  markup('speculation rules, prerender', speculation('prerender'), { tab: true }),
  { name: 'Link header, preload', html: () => 'a', headers: (url) => ({ link: `<${url}>; rel=preload; as=script` }) },
];

function speculation(kind: 'prefetch' | 'prerender'): string {
  return `<script type=speculationrules>{"${kind}":[{"source":"list","urls":["URL"],"eagerness":"immediate"}]}</script>`;
}

const navigations: readonly Trick[] = [
  script('navigation of a frame', 'location = url'),
  script('navigation of a tab', 'location = url', { tab: true }),
  script('a new tab', 'window.open(url)', { tab: true }),
  script('navigation with a name in front', 'location = url', {
    tab: true,
    written: (host, port) => `http://a:b@${host}:${port}/`,
  }),
  markup('<meta http-equiv=refresh>', '<meta http-equiv=refresh content="0; url=URL">'),
  { name: 'Refresh header', html: () => 'a', headers: (url) => ({ refresh: `0; url=${url}` }) },
  markup('out of a data: document', `<iframe src="data:text/html,<script>location='URL'</script>"></iframe>`),
  script(
    'out of a blob: document',
    `const page = new Blob(['<script>location=' + JSON.stringify(url) + '</' + 'script>'], { type: 'text/html' });
     document.body.append(Object.assign(document.createElement('iframe'), { src: URL.createObjectURL(page) }))`,
  ),
  script('a redirect of a document', `location = ${asked('redirect')}`),
  script('a redirect of a fetch', `fetch(${asked('redirect')}, { mode: 'no-cors' })`),
  script('a redirect of an image', `new Image().src = ${asked('redirect')}`),
  script('a redirect of a redirect', `location = '/redirect?to=' + encodeURIComponent(${asked('redirect')})`),
  script(
    'a redirect that keeps its body',
    `fetch(${asked('redirect-307')}, { mode: 'no-cors', method: 'POST', body: 'a' })`,
  ),
];

const reports: readonly Trick[] = [
  {
    name: 'CSP report-uri',
    html: () => '<img src="/empty">',
    headers: (url) => ({ 'content-security-policy': `img-src 'none'; report-uri ${url}` }),
  },
];

const peer = (servers: string): string =>
  `const peer = new RTCPeerConnection({ iceServers: [${servers}] });
   peer.createDataChannel('a');
   peer.setLocalDescription();`;
const candidate = `const peer = new RTCPeerConnection();
  const far = new RTCPeerConnection();
  far.createDataChannel('a');
  far.setLocalDescription()
    .then(() => peer.setRemoteDescription(far.localDescription))
    .then(() => peer.setLocalDescription())
    .then(() => peer.addIceCandidate({ candidate: url, sdpMid: '0' }));`;

const webRtc: readonly Trick[] = [
  script('WebRTC, STUN', peer('{ urls: url }'), { around: true, written: ice('stun') }),
  script('WebRTC, TURN over UDP', peer("{ urls: url, username: 'a', credential: 'b' }"), {
    around: true,
    written: ice('turn'),
  }),
  script('WebRTC, TURN over TCP', peer("{ urls: url, username: 'a', credential: 'b' }"), {
    around: true,
    written: ice('turn', '?transport=tcp'),
  }),
  script('WebRTC, a peer', candidate, {
    around: true,
    written: (host, port) => `candidate:1 1 udp 2122260223 ${host} ${port} typ host`,
  }),
  script('WebTransport', 'new WebTransport(url)', { around: true, written: tls }),
];

/** Everything that a page is known to try. */
export const tricks: readonly Trick[] = [
  ...scripts,
  ...workers,
  ...elements,
  ...links,
  ...navigations,
  ...reports,
  ...webRtc,
  ...addresses,
];
