import type { Kind } from '../../core/kind.ts'
import { type Live, scriptFile } from '../exchangeScript/file.ts'
import type { Files } from '../files.ts'
import { type ScriptValues, script } from './script.ts'

export type Spec = ScriptValues & {
  /** The script's path as messages and plans show it. */
  readonly path: string
}

/** The PowerShell script with which an Exchange administrator limits the mailboxes. */
export const mailboxScope = (files: Files): Kind<Spec, Live, 'path'> =>
  scriptFile(files, {
    values: [
      { field: 'filter', parameter: 'RecipientFilter', why: 'it is for another filter' },
      { field: 'appId', parameter: 'ApplicationId', why: 'it is for another HMA-App' },
    ],
    text: ({ deployment, filter, appId }) =>
      deployment === undefined || filter === undefined || appId === undefined ? undefined : script({ deployment, filter, appId }),
  })
