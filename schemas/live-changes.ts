import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { testConfig } from './test-definition.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const { timeout, screenshots, onFailure } = testConfig.schema.properties;

/** What is done again where a browser's state does not bring back what its page was: nothing, all, or what is harmless. */
export const replays = ['safe', 'all', 'none'] as const;
export type Replay = (typeof replays)[number];

export const sessionName = Type.String({ minLength: 1, maxLength: 200, description: 'What it is called in lists.' });
export const sessionDescription = Type.String({ maxLength: 2000 });
export const sessionEnd = Type.String({
  format: 'date-time',
  description: 'When it ends, whether commands come or not; at most a day after it was opened.',
});
export const replayChoice = Type.Enum([...replays], {
  description:
    'Commands since the last navigation that are done again when another browser goes on: harmless ones (default), all, or none.',
});

const nullable = <T extends Parameters<typeof Type.Optional>[0]>(type: T) =>
  Type.Optional(Type.Union([type, Type.Null()]));

/** Of a session's configuration, what does not belong to the browser that is open. */
export const changeableConfig = Type.Object({ timeout, screenshots, onFailure }, strict);

/** Body of `PATCH /v1/sessions/{id}`. */
export const liveSessionPatch = contract(
  'live-session-patch',
  Type.Object(
    {
      name: nullable(sessionName),
      description: nullable(sessionDescription),
      expiresAt: nullable(sessionEnd),
      config: Type.Optional(changeableConfig),
      replay: Type.Optional(replayChoice),
    },
    strict,
  ),
);
export type LiveSessionPatch = Static<typeof liveSessionPatch.schema>;

/** What was changed of a session that is open: it holds for the commands that are sent from then on. */
export const liveSettings = Type.Object({ config: changeableConfig, replay: Type.Optional(replayChoice) }, strict);
export type LiveSettings = Static<typeof liveSettings>;

/** Body of `POST /v1/sessions/{id}/checkpoints`. */
export const liveCheckpointRequest = contract(
  'live-checkpoint-request',
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 200, description: 'What the commands from here on are about.' }),
      description: Type.Optional(sessionDescription),
    },
    strict,
  ),
);
export type LiveCheckpointRequest = Static<typeof liveCheckpointRequest.schema>;
