import { join } from 'node:path'
import { expect, test } from 'vitest'
import { program } from '../../src/commands/commandLine/program.ts'
import { recorder } from '../views/recorder.ts'
import { manPage } from './manPage.ts'

test('the man page is that of the command line (npm run man)', async () => {
  const root = program({ version: '0', terminal: recorder(), run: async () => {} })
  const page = manPage(root)
  for (const command of ['plan', 'apply', 'verify', 'doctor']) expect(page).toContain(`.SS hma ${command}`)
  await expect(page).toMatchFileSnapshot(join(import.meta.dirname, '../../man/hma.1'))
})
