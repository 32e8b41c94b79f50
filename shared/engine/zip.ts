import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** One file of an archive, as it is stored. */
interface Entry {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly stored: Buffer;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
/** General purpose flag: names are UTF-8. */
const UTF8 = 0x0800;

/**
 * Gives an archive whose files went through `change`; what it leaves alone (undefined) is copied as it is stored.
 * ZIP as in APPNOTE 6.3.10, without encryption and ZIP64.
 * @throws Error when it is not such an archive.
 */
export function rewriteZip(archive: Buffer, change: (content: Buffer, name: string) => Buffer | undefined): Buffer {
  return write(read(archive).map((entry) => changed(entry, change)));
}

function changed(entry: Entry, change: (content: Buffer, name: string) => Buffer | undefined): Entry {
  const content = entry.method === DEFLATED ? inflateRawSync(entry.stored) : entry.stored;
  const next = change(content, entry.name.toString('utf8'));
  if (!next) return entry;
  return { name: entry.name, method: DEFLATED, crc: crc32(next), size: next.length, stored: deflateRawSync(next) };
}

function read(archive: Buffer): Entry[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error('not a ZIP archive: it has no end record');
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Error(`not a ZIP archive: no file header at ${at}`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      archive.readUInt16LE(at + offset),
    ) as [number, number, number];
    const start = contentStart(archive, archive.readUInt32LE(at + 42));
    entries.push({
      name: archive.subarray(at + 46, at + 46 + nameLength),
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      size: archive.readUInt32LE(at + 24),
      stored: archive.subarray(start, start + archive.readUInt32LE(at + 20)),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

const contentStart = (archive: Buffer, local: number): number =>
  local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);

function write(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const local = Buffer.concat([header(LOCAL, entry, offset), entry.name, entry.stored]);
    directory.push(header(CENTRAL, entry, offset), entry.name);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function header(signature: number, entry: Entry, offset: number): Buffer {
  const central = signature === CENTRAL;
  const bytes = Buffer.alloc(central ? 46 : 30);
  const shift = central ? 2 : 0;
  bytes.writeUInt32LE(signature, 0);
  if (central) bytes.writeUInt16LE(20, 4);
  bytes.writeUInt16LE(20, 4 + shift);
  bytes.writeUInt16LE(UTF8, 6 + shift);
  bytes.writeUInt16LE(entry.method, 8 + shift);
  // 1 January 1980, the first day that the format knows.
  bytes.writeUInt16LE(0x21, 12 + shift);
  bytes.writeUInt32LE(entry.crc, 14 + shift);
  bytes.writeUInt32LE(entry.stored.length, 18 + shift);
  bytes.writeUInt32LE(entry.size, 22 + shift);
  bytes.writeUInt16LE(entry.name.length, 26 + shift);
  if (central) bytes.writeUInt32LE(offset, 42);
  return bytes;
}
