import { body, listOf, time, viewOf } from './answer-views.ts';
import { scheduleEntity } from './schedules.ts';
import { Type } from './type.ts';

const schedule = viewOf(scheduleEntity, {
  asStored: ['run'],
  more: {
    nextTimes: Type.Array(time, { maxItems: 5, description: 'The next times, the first one first; none when paused.' }),
  },
});

/** What the routes of schedules answer with. */
export const scheduleAnswers = {
  schedule: body(schedule),
  schedules: listOf(schedule),
} as const;
