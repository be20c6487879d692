import { createHash } from 'node:crypto'
import type { Difference, Kind } from '../../core/kind.ts'
import type { Files } from '../files.ts'
import { defaultOf, markedText, ownerOf } from './template.ts'

/** A script for an Exchange administrator, as it lies on this machine. */
export type Live = {
  readonly path: string
  /** With LF, whatever the file has. */
  readonly text: string
  readonly mark?: string
}

/** What the configuration calls a value that a parameter of the script has by default, and why another one is a difference. */
export interface Value<Spec> {
  readonly field: string & keyof Spec
  readonly parameter: string
  readonly why: string
}

/** One kind of script: what it is made from, and its text. */
export interface Script<Spec extends { readonly path: string }> {
  readonly values: readonly Value<Spec>[]
  /** Is everything known that it takes? */
  isWhole(spec: Partial<Spec>): spec is Spec
  text(spec: Spec): string
}

/** A script is a file that hma writes, and nothing that it runs. */
export const scriptFile = <Spec extends { readonly path: string; readonly [field: string]: unknown }>(
  files: Files,
  script: Script<Spec>,
): Kind<Spec, Live, 'path'> => ({
  identity: ['path'],

  read: ({ path }) => look(files, path),

  owner: (live) => live.mark,

  adopt: ({ path }, { text }, { owner }) => files.write(path, markedText(text, owner)),

  diff: (wanted, live) => (script.isWhole(wanted) ? differences(script, wanted, live) : []),

  reconcile: (spec) => files.write(spec.path, script.text(spec)),

  async remove({ path }, { owner }) {
    const found = await look(files, path)
    if (found?.mark === owner) await files.remove(path)
  },
})

async function look(files: Files, path: string): Promise<Live | undefined> {
  const written = await files.read(path)
  if (written === undefined) return undefined
  const text = written.replaceAll('\r\n', '\n')
  const mark = ownerOf(text)
  return { path, text, ...(mark !== undefined && { mark }) }
}

/** The script is compared as a whole. Where it was made for other values, they say more than its text. */
function differences<Spec extends { readonly path: string }>(script: Script<Spec>, wanted: Spec, { text, mark }: Live): readonly Difference[] {
  const whole = script.text(wanted)
  if (text === whole) return []
  const was = script.values.flatMap(({ field, parameter, why }): (Difference & { from: string })[] => {
    const from = defaultOf(text, parameter)
    return from === undefined || from === wanted[field] ? [] : [{ field, from, to: wanted[field], why }]
  })
  const before = { ...wanted, ...Object.fromEntries(was.map(({ field, from }) => [field, from])) }
  if (was.length > 0 && text === script.text(before)) return was
  const why = mark === undefined ? 'the content of the file is replaced' : 'the file was changed by hand, or written by another version of hma'
  return [...was, { field: 'text', from: digest(text), to: digest(whole), why }]
}

const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
