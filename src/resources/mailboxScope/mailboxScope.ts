import { createHash } from 'node:crypto'
import type { Difference, Kind } from '../../core/kind.ts'
import { isOurs } from '../../core/ownership.ts'
import type { Files } from '../files.ts'
import { markedText, ownerOf, type ScriptValues, script, valuesOf } from './script.ts'

export type Spec = ScriptValues & {
  /** Where the script is, as messages and plans call it. */
  readonly path: string
}

export type Live = {
  readonly path: string
  /** With LF, whatever the file has. */
  readonly text: string
  readonly mark?: string
}

/** The PowerShell script with which an Exchange administrator limits the mailboxes: a file that hma writes, and nothing that it runs. */
export const mailboxScope = (files: Files): Kind<Spec, Live, 'path'> => ({
  identity: ['path'],

  read: ({ path }) => look(files, path),

  marks: ({ mark }) => ({ marks: mark === undefined ? [] : [{ deployment: mark }] }),

  adopt: ({ path }, { text }, { owner }) => files.write(path, markedText(text, owner)),

  diff: (wanted, live) => (isWhole(wanted) ? differences(wanted, live) : []),

  reconcile: (spec) => files.write(spec.path, script(spec)),

  async remove({ path }, { owner }) {
    const found = await look(files, path)
    if (found?.mark !== undefined && isOurs({ marks: [{ deployment: found.mark }] }, owner)) await files.remove(path)
  },
})

async function look(files: Files, path: string): Promise<Live | undefined> {
  const written = await files.read(path)
  if (written === undefined) return undefined
  const text = written.replaceAll('\r\n', '\n')
  const mark = ownerOf(text)
  return { path, text, ...(mark !== undefined && { mark }) }
}

const isWhole = (spec: Partial<Spec>): spec is Spec =>
  spec.deployment !== undefined && spec.filter !== undefined && spec.appId !== undefined

/** The script is compared as a whole. Where it was made for other values, they say more than its text. */
function differences(wanted: Spec, { text, mark }: Live): readonly Difference[] {
  const whole = script(wanted)
  if (text === whole) return []
  const was = valuesOf(text)
  const values = [
    ...changed('filter', 'it is for another filter', was.filter, wanted.filter),
    ...changed('appId', 'it is for another HMA-App', was.appId, wanted.appId),
  ]
  if (values.length > 0 && text === script({ ...wanted, ...was })) return values
  const why =
    mark === undefined ? 'what is in the file now is replaced' : 'somebody, or another version of hma, wrote it otherwise'
  return [...values, { field: 'text', from: digest(text), to: digest(whole), why }]
}

const changed = (field: string, why: string, from: string | undefined, to: string): Difference[] =>
  from === undefined || from === to ? [] : [{ field, from, to, why }]

const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
