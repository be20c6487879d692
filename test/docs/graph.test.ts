import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type Workplace, workplace } from '../support/hma.ts'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')

let here: Workplace
afterEach(() => here.leave())

test('the mermaid graph of the README is what `hma graph` prints', async () => {
  here = await workplace(read('hma.config.yaml'))
  const { code, stdout } = await here.hma('graph')
  expect(code).toBe(0)
  const [, shown] = /^```mermaid\n([\s\S]*?)^```$/m.exec(read('README.md')) ?? []
  expect(shown).toBe(stdout)
})
