/**
 * Tiredness a player gains per km he covers, by slot; driven up and down at a sprint (n = 72 to 86 samples, r2 1.0).
 * Measured on Google Research Football 3d9e754, built unchanged, on 26 November 2026; numbers only. Slot 0: keepers of the 11 v 11 games.
 */
export const TIREDNESS = `
slot perKm
0 0.654
1 0.711
2 0.708
3 0.688
4 0.739
5 0.665
6 0.696
7 0.692
8 0.674
9 0.649
10 0.634
`
