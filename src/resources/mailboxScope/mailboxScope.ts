import type { Kind } from '../../core/kind.ts'
import { type Live, scriptFile } from '../exchangeScript/file.ts'
import type { Files } from '../files.ts'
import { type ScriptValues, script } from './script.ts'

export type Spec = ScriptValues & {
  /** Where the script is, as messages and plans call it. */
  readonly path: string
}

/** The PowerShell script with which an Exchange administrator limits the mailboxes. */
export const mailboxScope = (files: Files): Kind<Spec, Live, 'path'> =>
  scriptFile(files, {
    values: [
      { field: 'filter', parameter: 'RecipientFilter', why: 'it is for another filter' },
      { field: 'appId', parameter: 'ApplicationId', why: 'it is for another HMA-App' },
    ],
    isWhole: (spec): spec is Spec => spec.deployment !== undefined && spec.filter !== undefined && spec.appId !== undefined,
    text: script,
  })
