import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** Commands to type, as a page shows them. */
export interface Block {
  readonly page: string
  readonly heading: string
  readonly commands: string
  /** The lines that the page shows below its commands; none where a generator writes them. */
  readonly shown: readonly string[]
}

export async function pages(): Promise<readonly string[]> {
  const guides = await readdir(join(root, 'docs/guides'))
  return ['README.md', 'examples/README.md', ...guides.sort().map((name) => `docs/guides/${name}`)]
}

/** Every command of a page that a reader types into a shell and that runs hma, from top to bottom. */
export async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(root, page), 'utf8')
  let heading = ''
  return [...text.matchAll(parts)].flatMap(([, title, generated, language, code = '']) => {
    if (title !== undefined) heading = title
    if (language === undefined || !runsHma.test(code)) return []
    const { commands, shown } = language === 'console' ? typed(code) : { commands: code, shown: [] }
    return [{ page, heading, commands: ours(commands), shown: generated ? [] : shown }]
  })
}

const parts = /^#{1,6} (.*)$|(<!-- transcript .*\n)?^ *```(bash|console|sh)\n([\s\S]*?)^ *```$/gm

const runsHma = /(^|[\s(|&;])hma(-new)? /m

function typed(code: string): { readonly commands: string; readonly shown: readonly string[] } {
  const lines = code.trimEnd().split('\n')
  if (!lines.some((line) => line.startsWith('$ '))) return { commands: lines.join('\n'), shown: [] }
  return {
    commands: lines
      .filter((line) => line.startsWith('$ '))
      .map((line) => line.slice(2))
      .join('\n'),
    shown: lines.filter((line) => line !== '' && !line.startsWith('$ ')),
  }
}

/** Lines of other programs need an account, a cluster or a registry: they are left out. What a reader fills in is a word. */
const ours = (commands: string): string =>
  commands
    .split('\n')
    .map((line) => line.replace(/^npm ci && /, ''))
    .filter((line) => !/^\s*(az|gh|git|kubectl|npm|podman|terraform|tofu|\$EDITOR)\s/.test(line))
    .join('\n')
    .replaceAll(/=…$/gm, '=trial')
    .replaceAll('/path/to/hma', root)
