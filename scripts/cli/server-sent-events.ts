/** An event of a stream, as it was sent. */
export interface ServerSentEvent {
  /** What to give as `Last-Event-ID` to go on after it; empty before the first that has one. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

const LINE_END = /\r\n|\n|\r/;

/** Reads server-sent events (HTML standard, 9.2.6) until the stream ends; one that it breaks off in is left out. */
export async function* readServerSentEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  const event = { id: '', type: '', data: [] as string[] };
  let rest = '';
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    // A carriage return at the end may be the first half of a line's end.
    const whole = rest.endsWith('\r') ? rest.length - 1 : rest.length;
    const lines = rest.slice(0, whole).split(LINE_END);
    rest = (lines.pop() ?? '') + rest.slice(whole);
    for (const line of lines) {
      if (line !== '') take(line, event);
      else if (event.data.length > 0) {
        yield { id: event.id, type: event.type || 'message', data: event.data.join('\n') };
      }
      if (line === '') Object.assign(event, { type: '', data: [] });
    }
  }
}

function take(line: string, event: { id: string; type: string; data: string[] }): void {
  const [, field, value = ''] = line.match(/^([^:]*)(?:: ?(.*))?$/) ?? [];
  if (field === 'data') event.data.push(value);
  else if (field === 'event') event.type = value;
  else if (field === 'id' && !value.includes('\0')) event.id = value;
}
