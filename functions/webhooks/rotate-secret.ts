import { newSigningKey } from '../../shared/events/webhook-signature.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { sealedKey } from './sealed.ts';
import { missing, owned, type Services } from './services.ts';
import { view } from './view.ts';

/** How long the keys before sign too. */
const OVERLAP_MS = 24 * 3600 * 1000;
/** Keys at a time: every delivery is signed with each. */
const MOST_KEYS = 5;

export const rotateSecret = route<Services>({
  method: 'POST',
  path: '/v1/webhooks/:id/rotate-secret',
  summary: 'Makes a new signing secret, shown this once; for 24 hours deliveries are signed with the one before too.',
  access: { scope: 'webhooks:write' },
  answers: { 200: 'secret-rotated' },
  async handle(request, { webhooks, cipher, clock }) {
    const { id, signature } = await owned(request, { webhooks });
    const key = newSigningKey(signature);
    const sealed = await sealedKey(key, cipher);
    const now = clock.now();
    const overlapUntil = new Date(now + OVERLAP_MS);
    const changed = await webhooks.change(id, ({ secrets }) => {
      const [current, ...older] = secrets.filter(({ expires_at }) => !expires_at || expires_at.getTime() > now);
      if (older.length + 2 > MOST_KEYS)
        throw new AppError('conflict', `${MOST_KEYS} secrets are valid already: wait until one of them has expired.`);
      return { secrets: [sealed, ...(current ? [{ ...current, expires_at: overlapUntil }] : []), ...older] };
    });
    if (!changed) throw new AppError('not-found', missing(id));
    return {
      status: 200,
      body: {
        ...view(changed),
        ...(key.publicKey ? {} : { secret: key.secret }),
        previousValidUntil: overlapUntil.toISOString(),
      },
    };
  },
});
