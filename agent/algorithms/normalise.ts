/** Mean and standard deviation (of the population) of some numbers; zeros for none. */
export function moments(numbers: ArrayLike<number>): { mean: number; std: number } {
  const n = numbers.length
  if (n === 0) return { mean: 0, std: 0 }
  let sum = 0
  for (let i = 0; i < n; i++) sum += numbers[i]
  const mean = sum / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += (numbers[i] - mean) * (numbers[i] - mean)
  return { mean, std: Math.sqrt(squares / n) }
}

/** Numbers shifted to mean 0 and scaled to standard deviation 1; zeros when all are equal. */
export function standardised(numbers: ArrayLike<number>): Float64Array {
  const { mean, std } = moments(numbers)
  return Float64Array.from(numbers, (x) => (std > 1e-8 ? (x - mean) / std : 0))
}

/**
 * Group-relative advantages (GRPO, Shao et al. 2024): each number minus the mean of its group, divided by the
 * group's standard deviation unless `scale` is false; a group of equal numbers gives zeros.
 * `groups[i]` names the group of number i.
 */
export function groupRelative(
  numbers: ArrayLike<number>,
  groups: ArrayLike<number>,
  scale = true,
): Float64Array {
  const members = byGroup(groups)
  const out = new Float64Array(numbers.length)
  for (const indices of members.values()) {
    const { mean, std } = moments(indices.map((i) => numbers[i]))
    if (std <= 1e-8) continue
    for (const i of indices) out[i] = (numbers[i] - mean) / (scale ? std : 1)
  }
  return out
}

/**
 * REINFORCE++-baseline (Hu et al. 2025): each number minus the mean of its group, then all together
 * divided by the standard deviation over the batch.
 */
export function baselineRelative(numbers: ArrayLike<number>, groups: ArrayLike<number>): Float64Array {
  const centred = groupRelative(numbers, groups, false)
  return standardised(centred)
}

/**
 * RLOO (Ahmadian et al. 2024): each number minus the mean of the others of its group; alone in a group it gives 0.
 */
export function leaveOneOut(numbers: ArrayLike<number>, groups: ArrayLike<number>): Float64Array {
  const out = new Float64Array(numbers.length)
  for (const indices of byGroup(groups).values()) {
    const n = indices.length
    if (n < 2) continue
    const { mean } = moments(indices.map((i) => numbers[i]))
    for (const i of indices) out[i] = ((numbers[i] - mean) * n) / (n - 1)
  }
  return out
}

/** The groups whose numbers are all equal: they teach nothing and may be dropped (DAPO's dynamic sampling). */
export function equalGroups(numbers: ArrayLike<number>, groups: ArrayLike<number>): Set<number> {
  const equal = new Set<number>()
  for (const [group, indices] of byGroup(groups)) {
    if (indices.every((i) => numbers[i] === numbers[indices[0]])) equal.add(group)
  }
  return equal
}

function byGroup(groups: ArrayLike<number>): Map<number, number[]> {
  const members = new Map<number, number[]>()
  for (let i = 0; i < groups.length; i++) {
    const list = members.get(groups[i])
    if (list) list.push(i)
    else members.set(groups[i], [i])
  }
  return members
}
