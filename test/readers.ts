import { z } from 'zod'
import { readRows } from '#agent/dataset/row'
import { Tasks } from '#agent/dataset/tasks'
import { parseAnswer, wordsIn } from '#agent/dialogue/answer'
import { namesOf, readCalls, readLeniently } from '#agent/dialogue/lenient'
import { registryWords, Vocabulary } from '#agent/model/vocabulary'
import { override } from '#agent/recipe/override'
import { parseRecipe } from '#agent/recipe/recipe'
import { readYaml } from '#agent/recipe/yaml'
import { parseFlags } from '#cli/flags'
import { parseConfig } from '#cli/values'
import { didYouMean, shown, UserError, visible } from '#core/base/errors'
import { withoutSecrets } from '#core/base/secrets'
import { parseTurn } from '#core/env/actions'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { readRecord } from '#core/record/jsonl'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { responseOf } from '#server/response'
import { parseXml } from '#stores/xml'

const config = (env: Env) => resolveConfig(env, { ...env.examples[0] })
const state = (env: Env) => env.reset(config(env), '1')
const [game] = envs
const GAME = config(game)
const names = game.actions(GAME)
const start = JSON.stringify({
  ...{
    type: 'start',
    format: 1,
    episode: 'a',
    kickpush: '',
    env: game.id,
    version: game.version,
    look: game.look,
  },
  ...{
    config: GAME,
    seed: '1',
    agents: ['x'],
    conversation: { mode: 'online', modality: 'text' },
    hash: '0'.repeat(16),
  },
})
const row = (i: number) => JSON.stringify({ message: `m${i}`, question: `q${i}`, answer: '', env_path: '{}' })
const flags = z.object({ _: z.array(z.string()).default([]), set: z.array(z.string()).default([]) })
const vocabulary = new Vocabulary(registryWords(envs))
const recipe = (stages: string) => `name: a\nmodel: xs\ndata: [{env: ${game.id}}]\nstages:\n${stages}\n`

/** Lines, each made of its number. */
export const many = (n: number, each: (i: number) => string, between = '\n') =>
  Array.from({ length: n }, (_, i) => each(i)).join(between)
const lenient = (text: string) => readLeniently(text, namesOf(names))
const answer = (text: string) => parseAnswer(text, names, 9)
const levels = (text: string) => game.levels!(text)
const truth = (text: string) => envs.map((env) => env.truthful?.(state(env), 0, text, [0]))
const response = (query: string, prompt = 'p') => responseOf(query, prompt)
const think = (inside: string) => `<think>${inside}</think><answer>${names[0]}</answer>`

/** What reads, a text of size n, and an n that makes what always has to be done small. */
export const READERS: readonly (readonly [name: string, n: number, read: (n: number) => unknown])[] = [
  ['a response that ends in blanks and a letter', 20_000, (n) => response(`p${' '.repeat(n)}x`)],
  ['a response that ends in blanks', 20_000, (n) => response(`p x${' '.repeat(n)}`)],
  ['a response that ends in special tokens', 3000, (n) => response(`p x${'</s><|im_end|> '.repeat(n)}`)],
  ['a response that ends in half tokens', 3000, (n) => response(`p x${'<|<|a'.repeat(n)}|>`)],
  [
    'a prompt that is nearly there',
    10_000,
    (n) => response('a'.repeat(2 * n), `${'a'.repeat(n / 2)}b${'a'.repeat(n / 2)}`),
  ],
  ['a thought of line ends', 20_000, (n) => answer(think(`x${'\n'.repeat(n)}x`))],
  ['blanks behind an answer', 20_000, (n) => answer(`${think('')}${' '.repeat(n)}x`)],
  ['an answer of commas', 5000, (n) => answer(`<think></think><answer>${', '.repeat(n)}</answer>`)],
  ['an answer of one long word', 20_000, (n) => answer(`<think></think><answer>${'U'.repeat(n)}</answer>`)],
  ['a reply of thoughts that open', 5000, (n) => lenient('<think>'.repeat(n))],
  ['a reply of thoughts that close', 5000, (n) => lenient('</think>'.repeat(n))],
  ['a reply of signs before blanks', 5000, (n) => lenient('< '.repeat(n))],
  ['a reply of blanks', 20_000, (n) => lenient(`<${' '.repeat(n)}think`)],
  ['a reply of line ends', 20_000, (n) => lenient(`${'\n'.repeat(n)}x`)],
  ['a reply of labels', 5000, (n) => lenient('answer:\n'.repeat(n))],
  ['a reply of fences', 5000, (n) => lenient('```a\n'.repeat(n))],
  ['a reply of boxes', 5000, (n) => lenient('\\boxed{'.repeat(n))],
  ['a reply of tool calls', 2000, (n) => lenient('<tool_call>{"name":"a"}</tool_call>'.repeat(n))],
  ['a reply of tool calls that never end', 2000, (n) => lenient('<tool_call>'.repeat(n))],
  ['a reply of actions', 5000, (n) => lenient(many(n, () => names[0], ', '))],
  ['a reply of nested lists', 5000, (n) => lenient('['.repeat(n))],
  [
    'a tool called with many actions',
    5000,
    (n) => readCalls([{ name: 'x', arguments: { actions: new Array(n).fill(names[0]) } }], namesOf(names)),
  ],
  ['the words of a thought', 20_000, (n) => wordsIn(' \n'.repeat(n))],
  ['claims of a thought', 5000, (n) => truth('push Up r1 c1 ball goal so '.repeat(n))],
  ['claims that are only begun', 5000, (n) => truth('push Up r'.repeat(n))],
  ['words for a model', 5000, (n) => vocabulary.encode('<think> Up,zz'.repeat(n))],
  ['one word for a model', 5000, (n) => vocabulary.encode('z'.repeat(n))],
  ['a name that is near to none', 100_000, (n) => didYouMean('a'.repeat(n), names)],
  [
    'many names that are allowed',
    3000,
    (n) =>
      didYouMean(
        'abc',
        Array.from({ length: n }, (_, i) => `n${i}`),
      ),
  ],
  ['a long message', 20_000, (n) => new UserError('\n'.repeat(n))],
  ['a long value', 20_000, (n) => shown({ a: 'x'.repeat(n) })],
  ['lines for a terminal', 5000, (n) => visible('\u001b'.repeat(n))],
  ['addresses with passwords', 2000, (n) => withoutSecrets('http://a:b@c?d '.repeat(n))],
  ['an address of signs', 5000, (n) => withoutSecrets(`http://${'@?#'.repeat(n)}`)],
  ['levels between comments', 3000, (n) => levels('Comment:\nComment-End:\n'.repeat(n))],
  ['comments that never end', 3000, (n) => levels('Comment:\nx\n'.repeat(n))],
  ['a heading of blanks', 20_000, (n) => levels(`level${' '.repeat(n)}x`)],
  ['a title of blanks', 20_000, (n) => levels(`;${' '.repeat(n)}\u2028`)],
  ['headings', 5000, (n) => levels('; x\n'.repeat(n))],
  ['levels', 300, (n) => levels('#####\n#@$.#\n#####\n\n'.repeat(n))],
  ['levels in brackets', 100, (n) => levels(many(n, () => `#${'('.repeat(2000)}${')'.repeat(2000)}|`))],
  ['levels of bars', 100, (n) => levels(many(n, () => `3#${'|'.repeat(4000)}`))],
  ['XML of elements', 1000, (n) => parseXml(`<a>${'<b></b>'.repeat(n)}</a>`)],
  ['XML of attributes', 1000, (n) => parseXml(`<a ${many(n, (i) => `b${i}="1"`, ' ')}></a>`)],
  ['XML of entities', 1000, (n) => parseXml(`<a>${'&amp;'.repeat(n)}</a>`)],
  ['XML of one text', 5000, (n) => parseXml(`<a>${'x\n'.repeat(n)}</a>`)],
  ['XML of comments', 1000, (n) => parseXml(`<a>${'<!-- x -->'.repeat(n)}</a>`)],
  ['XML of brackets', 2000, (n) => game.levels!(parseXml(`<a><Level>${'<L>##</L>'.repeat(n)}</Level></a>`))],
  ['a record of nothing', 3000, (n) => readRecord('{}\n'.repeat(n))],
  ['a record of empty lines', 10_000, (n) => readRecord('\n'.repeat(n))],
  ['a record of lines that are none', 5000, (n) => readRecord('x\n'.repeat(n))],
  ['a record in one line', 20_000, (n) => readRecord('x'.repeat(n))],
  ['a record to verify', 3000, (n) => verifyRecord('{}\n'.repeat(n), envs)],
  ['a record that begins again and again', 50, (n) => verifyRecord(`${start}\n`.repeat(n), envs)],
  ['rows of a data set', 1000, (n) => new Tasks(readRows(many(n, row), 'x'), envs)],
  [
    'a prompt of pictures',
    3000,
    (n) =>
      new Tasks([{ ...JSON.parse(row(0)), question: '?' }], envs).find({
        prompt: `${'file://a '.repeat(n)}`,
        label: '{',
      }),
  ],
  [
    'a recipe of keys',
    1000,
    (n) =>
      parseRecipe(
        many(n, (i) => `k${i}: 1`),
        [],
        'r',
      ),
  ],
  [
    'a recipe of stages',
    100,
    (n) =>
      parseRecipe(
        recipe(many(n, (i) => `  - {name: s${i}, kind: align, updates: 1, optimizer: {rate: 1}}`)),
        [],
        'r',
      ),
  ],
  ['a recipe of one long list', 1000, (n) => readYaml(`[${'a, '.repeat(n)}]`, 'r')],
  ['a recipe of brackets', 1000, (n) => readYaml('['.repeat(n), 'r')],
  ['a recipe of dashes', 1000, (n) => readYaml('- '.repeat(n), 'r')],
  ['a recipe of aliases', 1000, (n) => readYaml(`- &a 1\n${'- *a\n'.repeat(n)}`, 'r')],
  ['a recipe of comments', 2000, (n) => readYaml('# x\n'.repeat(n), 'r')],
  ['a recipe of one text', 5000, (n) => readYaml(`"${'a\n '.repeat(n)}"`, 'r')],
  ['a deep place', 2000, (n) => override({}, `${'a.'.repeat(n)}b=1`)],
  ['many flags', 2000, (n) => parseFlags(flags, Array.from({ length: n }, () => ['--set', 'a']).flat(), 'x')],
  ['many words', 5000, (n) => parseFlags(flags, new Array(n).fill('w'), 'x')],
  ['a config of keys', 2000, (n) => resolveConfig(game, parseConfig(many(n, (i) => `k${i}=1`, ',')))],
  [
    'a config of JSON',
    2000,
    (n) => resolveConfig(game, parseConfig(`{${many(n, (i) => `"k${i}":1`, ',')}}`)),
  ],
  [
    'actions by name',
    3000,
    (n) =>
      parseTurn(
        game,
        GAME,
        many(n, () => names[0], ' '),
      ),
  ],
  ['actions as letters', 5000, (n) => parseTurn(game, GAME, 'u'.repeat(n))],
]
