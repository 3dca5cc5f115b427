import type { Given, Job, Member, Result } from './member.ts'

/**
 * The replicas of a run. Work comes in a fixed number of shards; shard s always goes to member s mod size, and results
 * come back in the order of the shards: nothing depends on how many members there are.
 */
export class Team {
  readonly #members: readonly Member[]
  #closing: Promise<unknown> | undefined

  constructor(members: readonly Member[]) {
    this.#members = members
  }

  /** Asks every member the same; answers what the first says. */
  async every<J extends Job>(job: J, given: Given<J>): Promise<Result<J>> {
    return (await Promise.all(this.#members.map((member) => member.ask(job, given))))[0]
  }

  /** Asks the first member. */
  first<J extends Job>(job: J, given: Given<J>): Promise<Result<J>> {
    return this.#members[0].ask(job, given)
  }

  /** One job per shard; answers in the order of the shards. */
  shards<J extends Job>(job: J, given: readonly Given<J>[]): Promise<Result<J>[]> {
    return Promise.all(given.map((one, shard) => this.#members[shard % this.#members.length].ask(job, one)))
  }

  /** Ends all members, whatever they are doing. */
  async close(): Promise<void> {
    this.#closing ??= Promise.all(this.#members.map((member) => member.close()))
    await this.#closing
  }
}
