/**
 * An idle carrier in a mini scenario whose other team is thinned to its nearest players: share of balls lost within 150 steps, steps until then, distance of the nearest opponent at step 10 and at the end.
 * Measured on Google Research Football 3d9e754, built unchanged, on 26 November 2026; numbers only. Field opponents beside the keeper.
 */
export const POSITIONS = `
scenario opponents difficulty n lost steps sd at10 end
R2_T_2 10 0 6 1 21.8 7.3 5.2 1.5
R2_T_2 10 0.6 6 1 24.2 15.3 4.5 0.2
R2_T_2 10 1 6 1 28 10.5 4.2 0.8
R2_T_2 10 0.3 6 1 20.5 5.4 5.1 0.5
R2_T_2 1 0 6 0 - - 12.3 25.2
R2_T_2 2 0 6 0 - - 8.6 19.9
R2_T_2 3 0 6 0 - - 9.5 17.7
R2_T_2 5 0 6 0 - - 10.3 9.8
R2_T_2 7 0 6 0.83 27.6 5.3 9 19.5
R3_R_2 10 0 6 1 48.3 42.3 3.1 1.5
R3_R_2 10 0.6 6 1 24.7 11.2 2.6 0.5
R3_R_2 10 1 6 1 36.5 14.9 2.5 0.5
R3_R_2 10 0.3 6 1 44.8 22.8 2.8 2.8
R3_R_2 1 0 6 0 - - 8.2 21.9
R3_R_2 2 0 6 0 - - 7.5 12.2
R3_R_2 3 0 6 0 - - 5.1 8.7
R3_R_2 5 0 6 0.5 51.7 7.4 5.1 3.3
R3_R_2 7 0 6 0.5 44.3 16.7 5.1 3.1
R2_R_1 10 0 6 1 41 14.2 4.8 1
R2_R_1 10 0.6 6 1 12 0 1.8 1.8
R2_R_1 10 1 6 1 14.2 4.8 1.7 0.5
R2_R_1 10 0.3 6 1 27.2 12.2 4.5 0.6
R2_R_1 1 0 6 0 - - 10.1 33.1
R2_R_1 2 0 6 0 - - 10 20.6
R2_R_1 3 0 6 0 - - 10.2 19.2
R2_R_1 5 0 6 0 - - 9.7 9.2
R2_R_1 7 0 6 1 46.5 31.7 7.2 0.4
`
