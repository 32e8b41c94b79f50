import domain from 'node:domain';

/**
 * Runs a listener outside the domain that the Functions Framework opens for each request. Every asynchronous step
 * within one costs extra, and it would only catch what the listeners catch themselves.
 */
export function outsideDomain<Arguments extends unknown[], Result>(listener: (...given: Arguments) => Result) {
  return (...given: Arguments): Result => {
    (domain as typeof domain & { readonly active?: domain.Domain | null }).active?.exit();
    return listener(...given);
  };
}
