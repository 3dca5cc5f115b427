import type { Store } from '#core/base/store'
import { type CreditFigures, CreditLine } from '#core/record/credit'
import { bufferOf, linesOf } from './tail.ts'

/** What lines begin with, as our writer writes them: enough to sort by without parsing them. */
const HEAD =
  /^\{"episode":"([ !#-[\]-~]+)","seat":\d+,"surprise":([-+.e\d]+),"valueError":([-+.e\d]+),"advantage":([-+.e\d]+),/
const HEAD_BYTES = 400

/** What training used of a run's recorded episodes: files beside their segments, each written at once. */
export class Credits {
  /** By recorded id; means over the seats that learnt. */
  readonly figures = new Map<string, CreditFigures>()
  private readonly store: Store
  private readonly folder: string
  /** Files that were read, as they were, and the episodes in them. */
  private readonly known = new Map<string, { readonly mark: string; readonly episodes: readonly string[] }>()

  constructor(store: Store, folder: string) {
    this.store = store
    this.folder = folder
  }

  /** Takes up files that are new or were written anew, and lets go of those that are gone. @throws StoreError */
  async poll(): Promise<void> {
    const names = await this.store.list(this.folder)
    for (const name of names) {
      const found = await this.store.stat(`${this.folder}/${name}`)
      const mark = found ? `${found.changed} ${found.size} ${found.identity}` : ''
      if (!found || this.known.get(name)?.mark === mark) continue
      this.forget(name)
      this.known.set(name, { mark, episodes: this.take(await this.lines(name)) })
    }
    const present = new Set(names)
    for (const name of this.known.keys()) if (!present.has(name)) this.forget(name)
  }

  /** The lines of an episode of a segment. @throws StoreError */
  async of(segment: string, episode: string): Promise<CreditLine[]> {
    const head = `{"episode":${JSON.stringify(episode)},`
    const own = (await this.lines(segment)).filter((line) => line.toString('utf8', 0, head.length) === head)
    return own.flatMap((line) => parsed(line) ?? [])
  }

  private async lines(name: string): Promise<Buffer[]> {
    const bytes = await this.store.read(`${this.folder}/${name}`)
    return bytes ? [...linesOf(bufferOf(bytes))] : []
  }

  private take(lines: readonly Buffer[]): string[] {
    const seats = new Map<string, CreditFigures[]>()
    for (const line of lines) {
      const found = HEAD.exec(line.toString('latin1', 0, HEAD_BYTES))
      if (!found) continue
      const [surprise, valueError, advantage] = found.slice(2).map(Number)
      seats.set(found[1], [...(seats.get(found[1]) ?? []), { surprise, valueError, advantage }])
    }
    for (const [episode, all] of seats) this.figures.set(episode, meanOf(all))
    return [...seats.keys()]
  }

  private forget(name: string): void {
    for (const episode of this.known.get(name)?.episodes ?? []) this.figures.delete(episode)
    this.known.delete(name)
  }
}

function meanOf(all: readonly CreditFigures[]): CreditFigures {
  const mean = (name: keyof CreditFigures) => all.reduce((sum, one) => sum + one[name], 0) / all.length
  return { surprise: mean('surprise'), valueError: mean('valueError'), advantage: mean('advantage') }
}

function parsed(line: Buffer): CreditLine | undefined {
  try {
    return CreditLine.safeParse(JSON.parse(line.toString('utf8'))).data
  } catch {
    return undefined // torn, or not ours
  }
}
