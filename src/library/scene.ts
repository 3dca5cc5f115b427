/**
 * `kickpush/scene`: what a game shows, as a display list and as pixels. Runs in Node and browsers, and does nothing when it
 * is loaded.
 */
export { rasterize } from '#core/draw/rasterize'
export type { Frame, Item, Scene, Shape } from '#core/draw/scene'
export { observe } from '#core/env/observe'
export type { Observation } from '#core/play/policy'
