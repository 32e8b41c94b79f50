/**
 * What to write in place of a pattern that no object's name fits, as names are those below the user's folder. Undefined
 * for one that some may fit.
 */
export function meantPath(path: string, userId: string): string | undefined {
  const below = path.replace(/^(gs:\/\/[^/]*\/|\/+)/, '').replace(/^tests\/(\{[^/]*\}|<[^/]*>)\//, '');
  const own = `tests/${userId}/`;
  const start = (below.startsWith(own) ? below.slice(own.length) : below).replace(/^\/+/, '');
  const meant = start === '' || start.endsWith('/') ? `${start}**` : start;
  return meant === path ? undefined : meant;
}
