import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeWhole } from '../../config/write/wholeFile.ts'
import { HmaError } from '../../core/errors.ts'
import { fileProblem } from '../../files/problem.ts'

type Environment = Readonly<Record<string, string | undefined>>

interface Place {
  readonly path: string
  /** What is left to do by hand. */
  readonly next: string
}

/** Where each shell looks for one user's completions. Files of the user's own are never edited. */
function placeOf(shell: 'bash' | 'zsh' | 'fish' | 'pwsh', env: Environment): Place {
  const home = env.HOME || homedir()
  const data = env.XDG_DATA_HOME || join(home, '.local', 'share')
  const config = env.XDG_CONFIG_HOME || join(home, '.config')
  const zsh = join(home, '.zsh', 'completions')
  const pwsh = join(config, 'powershell', 'hma-completion.ps1')
  return {
    bash: { path: join(data, 'bash-completion', 'completions', 'hma'), next: 'It needs the package bash-completion.' },
    zsh: { path: join(zsh, '_hma'), next: `Add this to ~/.zshrc before compinit, if it is not there: fpath=("${zsh}" $fpath)` },
    fish: { path: join(config, 'fish', 'completions', 'hma.fish'), next: '' },
    pwsh: { path: pwsh, next: `Add this to $PROFILE, if it is not there: . "${pwsh}"` },
  }[shell]
}

/** Puts the script where the shell finds it. Returns what was done and what is left to do. */
export async function installCompletion(
  shell: 'bash' | 'zsh' | 'fish' | 'pwsh',
  script: string,
  env: Environment,
): Promise<string> {
  const { path, next } = placeOf(shell, env)
  const rest = [next, 'Open a new shell to use it.'].filter(Boolean).join(' ')
  if ((await readFile(path, 'utf8').catch(() => undefined)) === script) return `${path} is up to date. ${rest}`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeWhole(path, script, { mode: 0o644 })
  } catch (cause) {
    const hint = `Put it elsewhere yourself: \`hma completion ${shell}\` prints it.`
    throw new HmaError('HMA115', `${path} cannot be written: ${fileProblem(cause)}`, { hint, cause })
  }
  return `Wrote ${path}. ${rest}`
}
