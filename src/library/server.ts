/**
 * `kickpush/server`: the viewer with its live stream over a folder of runs. Of Node; nothing listens before it is asked to.
 */
export { type ServeOptions, type Serving, serve } from '#server/server'
