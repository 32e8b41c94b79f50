import type { Questions } from '../../shared/analytics/questions.ts';
import { budgets } from '../../shared/cost/budgets.ts';
import type { Events } from '../../shared/events/publish.ts';
import { BOOTSTRAP_USER } from '../../shared/http/authenticate.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Services {
  readonly questions: Questions;
  readonly events: Events;
}

/** Says what the sessions of this month have cost so far, and tells of each budget that is reached, once a month. */
export async function costReport(_input: unknown, { questions, events, clock, log }: Services & Base): Promise<void> {
  const to = new Date(clock.now());
  const from = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth(), 1));
  const month = from.toISOString().slice(0, 7);
  const asked = { statistic: 'cost', groupBy: 'month', from, to, userId: undefined } as const;
  const { rows } = await questions.ask(asked);
  const spent = rows.reduce((sum, { usd }) => sum + Number(usd), 0);
  log.info('cost of the month so far', { month, spent_usd: spent });
  await events.publish(
    budgets
      .filter(({ usd }) => spent >= usd)
      .map(({ level, usd }) => ({
        type: 'budget.alert',
        key: [month, level],
        subject: `budgets/${level}`,
        time: to,
        data: { user_id: BOOTSTRAP_USER, level, month, budget_usd: usd, spent_usd: spent },
      })),
  );
}
