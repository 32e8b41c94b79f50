import { ConfigurationError, readConfiguration, settings } from '../../shared/platform/configuration.ts';
import { UsageError } from './command.ts';

/** What its functions do, and not where things are: that the local cloud knows itself. */
const TOLD = [
  ...[settings.chromiumPath, settings.corsOrigins, settings.egressAllow, settings.liveIdleSeconds],
  ...[settings.parallelSessions, settings.rateLimitFactor, settings.sessionLeaseSeconds, settings.warmUpSeconds],
].map(({ variable }) => variable);

/** The settings that an environment has for the functions of a local cloud. @throws UsageError for those that are wrong */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const told = Object.fromEntries(
    TOLD.flatMap((name) => {
      const value = environment[name];
      return value ? [[name, value]] : [];
    }),
  );
  try {
    readConfiguration(told);
    return told;
  } catch (error) {
    throw error instanceof ConfigurationError ? new UsageError(error.message) : error;
  }
}
