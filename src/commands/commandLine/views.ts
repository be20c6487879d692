import { resolve } from 'node:path'
import { secretsIn } from '../../config/read/environment.ts'
import { maskSecret } from '../../core/masking.ts'
import type { Options } from '../../session/session.ts'
import { human } from '../../views/human.ts'
import { json } from '../../views/json.ts'
import { logged } from '../../views/logged.ts'
import type { GivenFlags } from '../../views/terminal/repeatFlags.ts'
import { terminal } from '../../views/terminal/terminal.ts'
import type { Terminal, View } from '../../views/view.ts'
import type { Composer, HostProcess } from './commandContext.ts'

/** Where a run shows and logs what happens. The environment is complete before any of it is read. */
export async function views(options: Options, composer: Composer, outside: HostProcess) {
  const { envFile = [] } = options
  if (envFile.length > 0) {
    const { readEnvFiles } = await import('../../config/read/envFile.ts')
    composer.addToEnvironment(await readEnvFiles(envFile, outside.directory))
  }
  const environment = composer.environment()
  for (const secret of secretsIn(environment)) maskSecret(secret)
  const screen = terminal({ stdout: outside.stdout, stderr: outside.stderr, env: environment, color: options.color })
  const shown = viewFor(options, screen)
  if (options.log === undefined) return { view: shown, screen, log: undefined }
  const log = await keptIn(options, options.log, composer, outside)
  return { view: logged(shown, log.view), screen, log }
}

/** The log passes the same gate as terminal output. */
async function keptIn(options: Options, path: string, { machineNow }: Composer, { directory }: HostProcess) {
  const { openLog } = await import('../files/logFile.ts')
  const file = openLog(resolve(directory, path), machineNow)
  const page = terminal({ stdout: file, stderr: file, env: { COLUMNS: '100' }, color: false })
  const view = viewFor({ ...options, json: false, quiet: false, verbose: true }, page)
  return { view, trace: (text: string): void => page.err(`${text}\n`), close: file.close }
}

export const viewFor = (options: Pick<Options, 'json' | 'quiet' | 'verbose'> & Partial<GivenFlags>, screen: Terminal): View => {
  const { file = [], only = [], sandbox = false, envFile = [] } = options
  const given = { ...options, flags: { file, only, sandbox, envFile } }
  return options.json ? json(screen, given) : human(screen, given)
}
