import type { Command } from '../define/command.ts';
import { apiCommands } from './api.ts';
import { pageAssertions } from './assert-page.ts';
import { presenceCommands } from './assert-presence.ts';
import { valueCommands } from './assert-value.ts';
import { controlCommands } from './control.ts';
import { dataCommands } from './data.ts';
import { dialogCommands } from './dialog.ts';
import { fileCommands } from './file.ts';
import { frameCommands } from './frame.ts';
import { formCommands } from './interact-form.ts';
import { keyboardCommands } from './interact-keyboard.ts';
import { pointerCommands } from './interact-pointer.ts';
import { miscCommands } from './misc.ts';
import { mouseCommands } from './mouse.ts';
import { navigateCommands } from './navigate.ts';
import { scrollCommands } from './scroll.ts';
import { snapshotCommands } from './snapshot.ts';
import { storageCommands } from './storage.ts';
import { waitCommands } from './wait.ts';
import { windowCommands } from './window.ts';

/** The vocabulary: every command there is. */
export const commands: readonly Command[] = [
  ...navigateCommands,
  ...scrollCommands,
  ...pointerCommands,
  ...keyboardCommands,
  ...formCommands,
  ...mouseCommands,
  ...presenceCommands,
  ...valueCommands,
  ...pageAssertions,
  ...snapshotCommands,
  ...waitCommands,
  ...dataCommands,
  ...storageCommands,
  ...dialogCommands,
  ...windowCommands,
  ...frameCommands,
  ...fileCommands,
  ...apiCommands,
  ...miscCommands,
  ...controlCommands,
];

const byName = new Map(commands.map((command) => [command.name, command]));

/** The command of a name, `group.verb`. */
export function findCommand(name: string): Command | undefined {
  return byName.get(name);
}
