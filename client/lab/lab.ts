import type { RunSummary } from '#core/record/wire'
import { link } from '../net/connection.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { ask, inTab, type LabState, watchLab } from '../net/tab.ts'
import { fill, h, say } from '../ui/dom.ts'
import { icon } from '../ui/icon.ts'
import { notice } from '../ui/notice.ts'
import { save } from '../ui/save.ts'
import { toast } from '../ui/toast.ts'
import { wallPage } from '../wall/wall.ts'
import { chooseBackend } from './backend.ts'
import { createEditor } from './editor.ts'
import { withGiven } from './given.ts'
import { keepAwake, roomLeft } from './machine.ts'
import { createOwn } from './own.ts'
import { progressOf, verdictOf } from './progress.ts'
import { runRow } from './runs.ts'
import type { Schema } from './schema.ts'

/** Trains in this tab: a recipe, its run as it learns, and the runs that this browser keeps. */
export function labPage(main: HTMLElement, { query }: Place): () => void {
  if (!inTab) {
    const there = h('a', { class: 'button primary', href: `tab.html${address('lab')}` }, 'Open the Lab')
    main.replaceChildren(notice('empty', 'lab', 'The Lab is a page of its own', 'It needs no server.', there))
    return () => {}
  }
  let state: LabState | null = null
  let good = false
  const line = h('span', { class: 'muted small', role: 'status' })
  const room = h('span', { class: 'muted small lab-room' })
  const failure = h('p', { class: 'lab-failure', role: 'alert' })
  const progress = h('div', { class: 'lab-progress' })
  const list = h('div', { class: 'lab-runs', role: 'group', 'aria-label': 'Runs in this browser' })
  const wall = h('section', { class: 'lab-wall', 'aria-label': 'What is played now' })

  /** Does something of the house, and says what it says when it cannot be done. */
  const attempt = async (what: () => Promise<unknown>) => {
    say(failure, '')
    try {
      await what()
    } catch (error) {
      say(failure, (error as Error).message)
    }
    void listRuns()
  }

  const train = h(
    'button',
    {
      class: 'button primary',
      disabled: true,
      onclick: () => void attempt(() => ask('train', editor.text(), backend.value())),
    },
    icon('play'),
    'Train in this tab',
  )
  const pause = h(
    'button',
    { class: 'button', hidden: true, onclick: () => void attempt(() => ask('pause')) },
    icon('pause'),
    'Pause',
  )
  const editor = createEditor(({ problems }) => {
    good = problems.length === 0
    show()
  })
  const choice = h('select', {
    class: 'field',
    'aria-label': 'Recipe',
    onchange: () => editor.set(texts.get(choice.value) ?? ''),
  })
  const own = createOwn((recipe) => editor.set(recipe))
  const texts = new Map<string, string>()
  const awake = keepAwake()
  const backend = chooseBackend()
  const take = (file: File | undefined) => {
    if (file)
      void attempt(async () => {
        toast(`${await ask('load', new Uint8Array(await file.arrayBuffer()))} is here`)
      })
  }
  const input = h('input', {
    type: 'file',
    accept: '.zip',
    hidden: true,
    onchange: () => {
      take(input.files?.[0])
      input.value = ''
    },
  })

  const claimed = query.get('rerun')
  const claim = h(
    'div',
    { class: 'row lab-claim', hidden: claimed === null },
    claimed !== null && [
      h(
        'span',
        null,
        `Does ${claimed} hold? Its recipe and seed are trained again here, and compared to the bit.`,
      ),
      h(
        'button',
        {
          class: 'button primary',
          onclick: () => {
            claim.hidden = true
            rewrite(address('lab'))
            void attempt(() => ask('rerun', claimed))
          },
        },
        icon('loop'),
        `Rerun ${claimed} in this tab`,
      ),
    ],
  )

  const show = () => {
    const training = state?.training ?? null
    train.disabled = !good || training !== null
    pause.hidden = training === null
    pause.disabled = training?.stopping ?? false
    if (state?.failure) say(failure, state.failure)
    say(
      line,
      training ? '' : state?.kept === false ? 'This browser forgets runs when the page is closed' : '',
    )
    fill(progress, training && progressOf(training), state?.rerun && verdictOf(state.rerun))
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  /** Lists the runs anew before long: while one learns there is news with every update. */
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      void listRuns()
    }, 1000)
  }
  /** The run that is deleted when that is pressed again. */
  let doomed: string | null = null
  const remove = (run: string) => {
    if (doomed === run) return void attempt(() => ask('remove', run))
    doomed = run
    setTimeout(() => {
      if (doomed === run) doomed = null
      void listRuns()
    }, 4000)
    void listRuns()
  }
  const listRuns = async () => {
    const all = await ask('runs').catch(() => [] as readonly RunSummary[])
    const busy = state?.training?.run
    fill(
      list,
      all.map((run) =>
        runRow(run, run.id === busy, busy !== undefined, {
          resume: () => attempt(() => ask('resume', run.id)),
          rerun: () => attempt(() => ask('rerun', run.id)),
          edit: () => attempt(async () => editor.set(await ask('recipeOf', run.id))),
          save: () =>
            attempt(async () => {
              const zip = await ask('save', run.id)
              save(`${run.id}.zip`, new Blob([zip], { type: 'application/zip' }))
            }),
          sure: doomed === run.id,
          remove: () => remove(run.id),
        }),
      ),
      all.length === 0 && h('p', { class: 'muted' }, 'No run yet. Training writes one; a zip brings one.'),
    )
    // A list must have something in it.
    list.setAttribute('role', all.length > 0 ? 'list' : 'group')
    say(room, await roomLeft())
  }

  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', null, 'Lab'), line, h('span', { class: 'spread' }), room),
    h(
      'div',
      { class: 'lab' },
      h(
        'section',
        { class: 'panel lab-recipe', 'aria-label': 'Recipe' },
        h(
          'div',
          { class: 'row' },
          choice,
          backend.element,
          train,
          pause,
          h('span', { class: 'spread' }),
          awake.element,
        ),
        claim,
        failure,
        progress,
        editor.element,
        own.element,
      ),
      h(
        'section',
        {
          class: 'panel lab-kept',
          'aria-label': 'Runs',
          ondrop: (event: DragEvent) => {
            event.preventDefault()
            take(event.dataTransfer?.files[0])
          },
        },
        h(
          'div',
          { class: 'row' },
          h('h2', null, 'Runs'),
          h('span', { class: 'spread' }),
          h('button', { class: 'button', onclick: () => input.click() }, icon('up'), 'Bring a zip'),
          input,
        ),
        list,
      ),
    ),
    wall,
  )

  void ask('recipes')
    .then(async ({ shipped, schema }) => {
      for (const { name, text } of shipped) texts.set(name, text)
      fill(
        choice,
        shipped.map(({ name }) => h('option', { value: name }, name)),
      )
      editor.know(schema as Schema)
      const run = query.get('run')
      const text = run ? await ask('recipeOf', run) : (texts.get(choice.value) ?? '')
      // Who has begun to write meanwhile goes on.
      if (editor.text() === '') editor.set(withGiven(text, query))
    })
    .catch((error: unknown) => say(failure, (error as Error).message))
  let leaveWall = () => {}
  let before: string | undefined
  const stops = [
    watchLab((next) => {
      state = next
      awake.hold(next.training !== null)
      show()
      soon()
      const run = next.training?.run
      if (run === before) return
      before = run
      void listRuns()
      leaveWall()
      leaveWall = run === undefined ? () => {} : wallOf(wall, run)
      if (run === undefined) wall.replaceChildren()
    }),
    link.runChanged.watch(soon),
  ]
  void listRuns()
  return () => {
    for (const stop of stops) stop()
    clearTimeout(timer)
    leaveWall()
    own.leave()
    awake.hold(false)
  }
}

/** The wall, with the boards of one run; its own filters would leave this page. */
function wallOf(element: HTMLElement, run: string): () => void {
  return wallPage(element, { name: '', rest: '', query: new URLSearchParams({ run, boards: '9' }) })
}
