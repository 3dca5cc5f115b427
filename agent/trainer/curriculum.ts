import type { MetricsRow } from '#core/record/run'
import type { Curriculum } from '../recipe/curriculum.ts'
import type { Source } from '../recipe/recipe.ts'

/**
 * The lesson (from 0) of the update after `rows`, which are those of its stage from the first on. Of rows alone, so that a
 * run that goes on is where it was.
 */
export function lessonAfter({ lessons, success, over }: Curriculum, rows: readonly MetricsRow[]): number {
  let lesson = 0
  let own: number[] = []
  for (const row of rows) {
    own.push(Number(row.success))
    if (lesson === lessons.length - 1) break
    const latest = own.slice(-over)
    if (latest.length < over || latest.reduce((sum, share) => sum + share, 0) < success * over) continue
    lesson++
    own = []
  }
  return lesson
}

/** What a lesson draws its levels from. */
export function lessonData(data: readonly Source[], { lessons }: Curriculum, lesson: number): Source[] {
  return data.map((source) => ({ ...source, config: { ...source.config, ...lessons[lesson] } }))
}
