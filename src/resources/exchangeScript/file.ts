import { createHash } from 'node:crypto'
import type { Difference, Kind, Known, Values } from '../../core/kind.ts'
import { isOurs, type Marked } from '../../core/ownership.ts'
import type { Files } from '../files.ts'
import { defaultOf, markedScript, ownerOf } from './template.ts'

/** A script for an Exchange administrator, as found on this machine. */
export type Live = {
  readonly path: string
  /** With LF line ends, whatever the file has. */
  readonly text: string
  readonly mark?: string
}

/** The configuration key behind a script parameter's default, and why a different value matters. */
export interface Value<Spec> {
  readonly field: string & keyof Spec
  readonly parameter: string
  readonly why: string
}

type Placed = Values & { readonly path: string }

/** One kind of script: its inputs and its text. */
export interface Script<Spec extends Placed> {
  readonly values: readonly Value<Spec>[]
  /** Undefined while an input is unknown. */
  text(spec: Known<Spec, 'path'>): string | undefined
}

/** What the kinds of scripts have in common. */
type ScriptKind<Spec extends Placed> = Kind<Spec, Live, 'path'>

/** hma writes a script but never runs it. */
export const scriptFile = <Spec extends Placed>(files: Files, script: Script<Spec>): ScriptKind<Spec> => ({
  identity: ['path'],

  read: ({ path }) => look(files, path),

  marks: ({ mark }) => marksOf(mark),

  adopt: ({ path }, { text }, { owner }) => files.write(path, markedScript(text, owner)),

  diff: (wanted, live) => differences(script, wanted, live),

  async reconcile(spec) {
    const text = script.text(spec)
    if (text !== undefined) await files.write(spec.path, text)
  },

  async remove({ path }, { owner }) {
    const found = await look(files, path)
    if (found && isOurs(marksOf(found.mark), owner)) await files.remove(path)
  },
})

const marksOf = (mark: string | undefined): Marked => ({ marks: mark === undefined ? [] : [{ deployment: mark }] })

async function look(files: Files, path: string): Promise<Live | undefined> {
  const written = await files.read(path)
  if (written === undefined) return undefined
  const text = written.replaceAll('\r\n', '\n')
  const mark = ownerOf(text)
  return { path, text, ...(mark !== undefined && { mark }) }
}

/** The script is compared as a whole. If it was made for other values, those say more than its text. */
function differences<Spec extends Placed>(
  script: Script<Spec>,
  wanted: Known<Spec, 'path'>,
  { text, mark }: Live,
): readonly Difference[] {
  const whole = script.text(wanted)
  if (whole === undefined || text === whole) return []
  const was = script.values.flatMap(({ field, parameter, why }) => {
    const [from, to] = [defaultOf(text, parameter), defaultOf(whole, parameter)]
    return from === undefined || from === to ? [] : [{ field, from, to, why }]
  })
  const before = { ...wanted, ...Object.fromEntries(was.map(({ field, from }) => [field, from])) }
  if (was.length > 0 && text === script.text(before)) return was
  const why =
    mark === undefined
      ? 'the content of the file is replaced'
      : 'the file was changed by hand, or written by another version of hma'
  return [...was, { field: 'text', from: digest(text), to: digest(whole), why }]
}

const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
