/*
 * What runs in the reader's browser. Each function is sent as its own text, so that it may use nothing of this module:
 * only the page.
 */

/** Light and dark, kept for the next report where the browser allows. */
export function themeToggle(): void {
  const root = document.documentElement;
  const button = document.querySelector('#theme') as HTMLButtonElement;
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const current = (): string => root.dataset.theme ?? (prefersDark.matches ? 'dark' : 'light');
  const label = (): void => {
    button.textContent = current() === 'dark' ? 'Light' : 'Dark';
  };
  try {
    const kept = localStorage.getItem('report-theme');
    if (kept === 'dark' || kept === 'light') root.dataset.theme = kept;
  } catch {
    // Pages without an origin have no storage.
  }
  button.addEventListener('click', () => {
    root.dataset.theme = current() === 'dark' ? 'light' : 'dark';
    label();
    try {
      localStorage.setItem('report-theme', current());
    } catch {
      // The choice lasts as long as the page.
    }
  });
  prefersDark.addEventListener('change', label);
  label();
}

/** The filter, the search, and opening everything at once. */
export function sessionTools(): void {
  const sessions = [...document.querySelectorAll<HTMLDetailsElement>('.session')];
  const filters = [...document.querySelectorAll<HTMLButtonElement>('[data-filter]')];
  const search = document.querySelector('#search') as HTMLInputElement;
  const unfold = document.querySelector('#unfold') as HTMLButtonElement;
  const none = document.querySelector('#none') as HTMLElement;
  const texts = new WeakMap<Element, string>();
  const textOf = (element: Element): string => {
    const known = texts.get(element) ?? (element.textContent ?? '').toLowerCase().replace(/\s+/g, ' ');
    texts.set(element, known);
    return known;
  };
  let group = '';
  const apply = (): void => {
    const words = search.value.trim().toLowerCase().replace(/\s+/g, ' ');
    let shown = 0;
    for (const session of sessions) {
      const inGroup = group === '' || (session.dataset.groups ?? '').split(' ').includes(group);
      const fits = inGroup && textOf(session).includes(words);
      session.hidden = !fits;
      if (fits) shown++;
      const summary = session.querySelector('summary');
      if (fits && words.length > 2 && summary && !textOf(summary).includes(words)) session.open = true;
      for (const step of session.querySelectorAll<HTMLElement>('.step'))
        step.classList.toggle('here', words.length > 2 && fits && textOf(step).includes(words));
    }
    none.hidden = shown > 0 || sessions.length === 0;
  };
  for (const filter of filters)
    filter.addEventListener('click', () => {
      group = filter.dataset.filter ?? '';
      for (const other of filters) other.setAttribute('aria-pressed', String(other === filter));
      apply();
    });
  search.addEventListener('input', apply);
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || document.activeElement === search) return;
    event.preventDefault();
    search.focus();
  });
  unfold.addEventListener('click', () => {
    const open = unfold.getAttribute('aria-pressed') !== 'true';
    unfold.setAttribute('aria-pressed', String(open));
    unfold.textContent = open ? 'Close all' : 'Open all';
    for (const details of document.querySelectorAll<HTMLDetailsElement>('.session, .checkpoint'))
      if (details.matches('.session') || open) details.open = open;
  });
}

/** Links to a session or a step open what it is folded into. */
export function deepLinks(): void {
  const show = (): void => {
    const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const target = found?.matches('.session, .checkpoint, .step') ? found : undefined;
    if (!target) return;
    for (const marked of document.querySelectorAll('.here')) marked.classList.remove('here');
    for (let at: Element | null = target; at; at = at.parentElement)
      if (at instanceof HTMLDetailsElement) {
        at.open = true;
        at.hidden = false;
      }
    target.classList.add('here');
    // Twice: what was folded gets its height only when it is near the screen.
    target.scrollIntoView({ block: 'start' });
    requestAnimationFrame(() => target.scrollIntoView({ block: 'start' }));
  };
  addEventListener('hashchange', show);
  // A second click on the same link changes no hash.
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link?.getAttribute('href')?.startsWith('#') && link.hash === location.hash) show();
  });
  if (location.hash) show();
}

/** Screenshots, large, with the ones before and after. */
export function screenshotViewer(): void {
  const part = <E extends Element>(id: string): E => document.getElementById(id) as unknown as E;
  const viewer = part<HTMLDialogElement>('viewer');
  const picture = part<HTMLImageElement>('picture');
  const caption = part<HTMLElement>('caption');
  const origin = part<HTMLAnchorElement>('origin');
  const [previous, next] = [part<HTMLButtonElement>('previous'), part<HTMLButtonElement>('next')];
  let thumbs: HTMLElement[] = [];
  let at = 0;
  const show = (index: number): void => {
    const thumb = thumbs[index];
    if (!thumb) return;
    at = index;
    const step = thumb.closest('.step');
    const words = step?.querySelector('.words')?.textContent ?? '';
    const where = document.createElement('small');
    where.textContent = `${index + 1} of ${thumbs.length} · ${step?.closest('.session')?.querySelector('h3')?.textContent ?? ''} › ${step?.closest('.checkpoint')?.querySelector('h4')?.textContent ?? ''}`;
    const what = thumb.dataset.what;
    caption.replaceChildren(what ? `${what}: ${words}` : words, where);
    picture.src = thumb.querySelector('img')?.src ?? '';
    picture.alt = `${what ?? 'The page after'}: ${words}`;
    origin.href = `#${thumb.dataset.step ?? ''}`;
    previous.disabled = index === 0;
    next.disabled = index === thumbs.length - 1;
  };
  document.addEventListener('click', (event) => {
    const thumb = event.target instanceof Element ? event.target.closest<HTMLElement>('.thumb') : null;
    if (!thumb) return;
    thumbs = [...document.querySelectorAll<HTMLElement>('.session:not([hidden]) .thumb')];
    show(thumbs.indexOf(thumb));
    viewer.showModal();
  });
  viewer.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (event.key === 'Home') show(0);
    else if (event.key === 'End') show(thumbs.length - 1);
    else if (step !== undefined) show(at + step);
    else return;
    event.preventDefault();
  });
  previous.addEventListener('click', () => show(at - 1));
  next.addEventListener('click', () => show(at + 1));
  for (const button of [part<HTMLElement>('close'), origin]) button.addEventListener('click', () => viewer.close());
  viewer.addEventListener('click', (event) => {
    if (event.target === viewer) viewer.close();
  });
}

/** On paper everything is open. */
export function printing(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });
}
