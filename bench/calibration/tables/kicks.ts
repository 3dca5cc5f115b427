/**
 * How a kick action that is sent on several steps charges the kick: steps to the touch, speed, elevation.
 * Measured on Google Research Football 3d9e754, built unchanged, on 26 November 2026; numbers only. Mate: place of the only team mate relative to the ball, in m.
 */
export const KICKS = `
action start mate hold n wait waitSd speed speedSd up upSd received
shot stand - 1 6 5.7 0.5 26.63 0.79 6.5 2.98 0
shot stand - 3 6 5.3 0.5 32.06 2.39 6.55 1.69 0
shot stand - 6 6 7.7 0.5 31.24 4.99 9.27 3.96 0
shot stand - 12 6 8 0.6 32.81 3.82 5.43 3.07 0
shot run2 - 2 6 6 1 28.6 1.24 8.01 3.65 0
shot run2 - 4 6 6.7 0.5 30.23 3.08 8.58 3.72 0
shot run2 - 8 6 8 0 32.07 3.25 6.58 1.95 0
shot spr6 - 1 6 5.7 2.7 31.33 0.74 5.42 1.77 0
shot spr6 - 3 6 7.5 1.1 34.63 2.6 3.32 1.95 0
shot spr6 - 6 6 8.7 1.7 35.03 0.76 5.64 1.63 0
shot spr6 - 12 6 7.7 1.1 36.01 0.58 5.74 1.77 0
short_pass stand 12,0 1 6 6.2 0.4 22.24 0.39 5.27 1.33 1
short_pass stand 12,0 6 6 8.8 0.4 24.36 0.94 5.77 0.92 0.5
short_pass stand 18,10 3 6 7 0 25.09 0.02 8.24 0.95 1
short_pass run2 12,0 3 6 6.7 0.7 23.24 1.45 5.83 0.77 1
short_pass run2 18,10 1 6 4.8 0.4 25.61 1.14 7.94 1.24 0.83
short_pass run2 18,10 6 6 9 0 25.75 1.2 9.34 1.63 0.83
high_pass stand 28,0 1 6 5.2 0.7 28.18 0.26 19.57 0.71 1
high_pass stand 28,0 6 6 7.8 0.4 29.31 1.12 19.67 0.3 1
high_pass run2 28,0 3 6 6 0.8 29.02 1.38 19.29 0.37 1
long_pass stand 28,8 1 6 6 1.4 24.92 0.2 10.13 1.85 1
long_pass stand 28,8 6 6 8.3 0.9 25.61 0.44 10.15 1.82 0.83
long_pass run2 28,8 3 6 6 1 25.86 0.55 9.33 2.53 0.83
`
