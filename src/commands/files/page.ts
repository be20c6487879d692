import { resolve } from 'node:path'
import { HmaError } from '../../core/errors.ts'
import type { View } from '../../views/view.ts'
import { replaceFile } from './replace.ts'

/** In place of a file's name. */
export const stdout = '-'

interface Page {
  /** The file, or stdout. */
  readonly html: string | undefined
  readonly page: () => Promise<string>
  /** What the user reads about the file. */
  readonly saved: string
}

/** Shows a result as asked: `otherwise` on stdout and the page in its file, or the page alone on stdout. */
export async function showWithPage(
  view: View,
  directory: string,
  { html, page, saved }: Page,
  otherwise: () => void,
): Promise<void> {
  if (html === stdout) return view.text(await page())
  otherwise()
  if (html === undefined) return
  await replaceFile(resolve(directory, html), await page(), 'page')
  view.note(saved)
}

/** `others` are the other formats, by flag. */
export function demandOneFormat(html: string | undefined, others: Readonly<Record<string, boolean | undefined>>): void {
  const wanted = Object.keys(others).filter((flag) => others[flag])
  const hint = `Leave out ${wanted.join(' or ')}.`
  if (html === stdout && wanted.length > 0) throw new HmaError('HMA112', 'Only one format can go to stdout', { hint })
  if (wanted.length > 1) throw new HmaError('HMA112', `Choose ${wanted.join(' or ')}`, { hint })
}
