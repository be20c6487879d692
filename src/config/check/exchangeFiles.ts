import { isAbsolute, relative } from 'node:path'
import { absolute } from '../read/paths.ts'
import { type Draft, pointer, type SemanticProblem } from './draft.ts'

/** Where the document names a script for Exchange, or its evidence. */
const places = [
  ['exchange', 'mailboxScope', 'script'],
  ['exchange', 'setup', 'script'],
  ['exchange', 'evidence'],
] as const

const evidence = 'exchange.evidence'

/** Files that go to or come from an Exchange administrator, by absolute path. */
export const exchangeFiles = (draft: Draft) =>
  places.flatMap((place) => {
    const path = draft.text(...place)
    return path === undefined ? [] : [{ path: absolute(path, draft.folder), at: pointer(...place), name: place.join('.') }]
  })

/** Those that hma writes. Evidence is only read and may be shared by several deployments. */
export const scriptFiles = (draft: Draft) => exchangeFiles(draft).filter(({ name }) => name !== evidence)

/** hma writes them: a configuration from elsewhere must not be able to choose any file on this machine. */
export const exchangeFilesStayInside = (draft: Draft): SemanticProblem[] =>
  scriptFiles(draft).flatMap(({ path, at, name }) => {
    const inside = relative(draft.folder, path)
    if (inside !== '' && !isAbsolute(inside) && inside.split(/[\\/]/)[0] !== '..') return []
    const hint = 'Name a file below the folder of the configuration, like ./exchange-mailbox-scope.ps1.'
    return [{ pointer: at, message: `${name} is outside the folder of the configuration.`, hint }]
  })

export function exchangeFilesDiffer(draft: Draft): SemanticProblem[] {
  const files = exchangeFiles(draft)
  return files.flatMap(({ path, at, name }, index) => {
    const earlier = files.slice(0, index).find((one) => one.path === path)
    if (!earlier) return []
    return [
      { pointer: at, message: `${name} and ${earlier.name} name the same file.`, hint: 'Choose another file for one of them.' },
    ]
  })
}
