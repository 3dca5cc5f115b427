/** A mistake that somebody could make, as a change of the source; every place occurs once in the file. */
export interface Fault {
  readonly name: string
  readonly file: string
  readonly edits: readonly (readonly [from: string, to: string])[]
}

const DISK = 'test/world/disk.ts'
const RUN = 'agent/trainer/folder.ts'
const STAGE = 'agent/trainer/stage.ts'
const CELLS = 'agent/evaluation/cells.ts'
const LOG = 'agent/trainer/episodes.ts'
const CHECKPOINTS = 'agent/trainer/checkpoints.ts'
const TAIL = 'server/tail.ts'
const FOLDER = 'server/folder.ts'
const READER = 'server/reader.ts'
const INDEX = 'server/episodes.ts'
const HUB = 'server/hub.ts'
const RECORDS = 'server/records.ts'
const LINK = 'client/net/link.ts'

const fault = (name: string, file: string, ...edits: [string, string][]): Fault => ({ name, file, edits })

/** Faults that a world must find: in the store's promises, in the learner, in the server and in the page. */
export const FAULTS: readonly Fault[] = [
  fault('a store whose write shows a half', DISK, [
    'this.#files.set(path, file)\n    this.#lists.clear()\n    // Seen',
    'this.#files.set(path, { ...file, size: size >> 1 })\n    this.#lists.clear()\n    await this.#busy(process)\n    this.#files.set(path, file)\n    // Seen',
  ]),
  fault('a store whose write is renamed before it is synced', DISK, [
    'size, durable: size, changed',
    'size, durable: 0, changed',
  ]),
  fault('a store whose sync does nothing', DISK, ['file.durable = Math.max(file.durable, size)', '']),
  fault('a store whose lock lets in a second writer', DISK, [
    'if (holder?.alive) {',
    'if (holder === process) {',
  ]),
  fault('a store that does not tell a replaced file', DISK, ['++this.#made', '1']),

  fault('a resume that does not cut the metrics', RUN, [
    'if (text !== null && text !== whole) await this.store.write(METRICS, whole)',
    '',
  ]),
  fault('a resume without the optimizer', STAGE, [
    'optimizer: midway ? optimizer : undefined,',
    'optimizer: undefined,',
  ]),
  fault('a checkpoint that does not sync the metrics', RUN, ['await this.store.sync(METRICS)', '']),
  fault(
    'a checkpoint whose mark is written first',
    CHECKPOINTS,
    ['Object.entries(files)) await', 'Object.entries<Uint8Array>({})) await'],
    [
      '(sealed, null, 2)}\\n`)',
      "(sealed, null, 2)}\\n`)\n    for (const [name, bytes] of Object.entries(files)) await this.#store.write([folder, name].join('/'), bytes)",
    ],
  ),
  fault('a checkpoint that removes the one before it first', RUN, [
    'await this.#checkpoints.write(progress, this.#rows, snapshot, provenance, more)',
    'await this.#keep(progress)\n    await this.#checkpoints.write(progress, this.#rows, snapshot, provenance, more)',
  ]),
  fault('a segment that is begun on top of an old one', RUN, [
    'await this.store.remove(file)\n    this.#unsynced',
    'this.#unsynced',
  ]),
  fault('an update that counts before its episodes are written', STAGE, [
    'await folder.closeSegment()\n    const before',
    'const before',
  ]),
  fault('episodes whose failed append is forgotten', LOG, ['this.#failure = error', '']),
  fault('episodes that come during an append are forgotten', LOG, [
    'while (this.#unwritten) {',
    'if (this.#unwritten) {',
  ]),

  fault('results that are taken up whatever they were measured with', CELLS, [
    'if (before && change === undefined) return before',
    'if (before) return before',
  ]),
  fault('results that stay while other episodes are played', CELLS, ['await folder.store.remove(file)', '']),
  fault('results that are there before their episodes', CELLS, ['await folder.syncEpisodes()', '']),

  fault('a tail that forgets a torn line', TAIL, [
    'start + (endless ? bytes.length : whole)',
    'start + bytes.length',
  ]),
  fault('a tail that does not notice a new file', TAIL, [
    "this.#identity !== '' && (",
    "this.#identity === 'x' && (",
  ]),
  fault('a tail that takes another file for its own while reading', TAIL, [
    ' || after?.identity !== identity',
    '',
  ]),
  fault('an index that keeps episodes of a segment that is gone', INDEX, [
    'this.entries.delete(id)',
    'void id',
  ]),
  fault('a reader that gives what it kept of a growing episode', READER, [
    'if (cached && cached.length >= entry.summary.seq)',
    'if (cached)',
  ]),
  fault('a reader that reads on in another file', READER, [
    'found?.identity !== span.identity',
    'found === undefined',
  ]),
  fault('a reader that takes a disk error for the end', READER, [
    'const read = await store.read(file, at, Math.min(span.end, at + CHUNK))',
    'const read = await store.read(file, at, Math.min(span.end, at + CHUNK)).catch(() => null)',
  ]),
  fault(
    'segments looked at by a clock that jumps',
    FOLDER,
    ['this.clock.elapsed() - this.lastRound', 'this.clock.now() - this.lastRound'],
    ['this.lastRound = this.clock.elapsed()', 'this.lastRound = this.clock.now()'],
  ),
  fault('a server whose numbers of events are one too high', FOLDER, [
    'this.listener.events(entry, entry.summary.seq - events.length, events)',
    'this.listener.events(entry, entry.summary.seq - events.length + 1, events)',
  ]),
  fault('a hub that answers with what it read while more came', HUB, [
    'if (events.length < seq || folder',
    'if (folder',
  ]),
  fault('a hub that drops a slow socket without a word', HUB, [
    "socket.emit('behind', { episode, seq })",
    '',
  ]),
  fault('a hub that answers without the first event', FOLDER, [
    'events: events.slice(from)',
    'events: events.slice(from + 1)',
  ]),
  fault('a hub that takes what somebody has for a part of what is played now', FOLDER, [
    'take === entry.take ? after : 0',
    'after',
  ]),
  fault('a hub that lets a socket in late', HUB, [
    'if (!over) join(socket, room)',
    'if (!over) void this.clock.sleep(300, this.stop.signal).then(() => join(socket, room))',
  ]),

  fault('a record that is acknowledged before it is kept', RECORDS, [
    'await runs.write(',
    'void runs.write(',
  ]),

  fault('a page that skips a gap', LINK, [
    'if (seq > (anew ? 0 : watched.next)) {\n      void this.#joinEpisode(id)\n      return\n    }',
    '',
  ]),
  fault('a page that takes an overlap twice', LINK, ['events.slice(watched.next - seq)', 'events.slice(0)']),
  fault('a page that takes rows twice', LINK, ['rows.slice(watched.next - row)', 'rows.slice(0)']),
  fault('a page that does not join again after a break', LINK, [
    'for (const id of this.#episodes.keys()) void this.#joinEpisode(id)',
    '',
  ]),
  fault('a page that goes on with an episode that began again', LINK, [
    'const anew = take !== watched.take',
    "const anew = watched.take === ''",
  ]),
  fault('a page that does not ask again what was not answered', LINK, [
    'if (!answer) return this.#later(AGAIN, () => this.#joinEpisode(id))',
    'if (!answer) return',
  ]),
  fault('a page that gives up after a refusal', LINK, [
    'this.#later(REFUSED_AGAIN, () => this.#joinEpisode(id))',
    '',
  ]),
  fault('a page that waits for rows that were the last', LINK, [
    'if (watched && info.rows > watched.next) void this.#joinRun(info.id)',
    '',
  ]),
]
