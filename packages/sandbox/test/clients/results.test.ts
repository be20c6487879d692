import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// What runs only where other programs are installed, az and Terraform's providers: scripts/az.sh and scripts/acceptance.sh wrote the files
// of ../../results, each with what was tried, and when, in its first line. `npm run clients` puts them into the README.

const root = join(import.meta.dirname, '..', '..')
const begin = '<!-- what the scripts found -->'
const end = '<!-- end of what the scripts found -->'

test('the README shows the results of the scripts', async () => {
  const readme = join(root, 'README.md')
  const [before, rest = ''] = (await readFile(readme, 'utf8')).split(begin)
  const after = rest.slice(rest.indexOf(end))
  const files = (await readdir(join(root, 'results'))).sort()
  const rows = await Promise.all(files.map(async (file) => row(file, await readFile(join(root, 'results', file), 'utf8'))))
  const table = `| client | works | on |\n|---|---|---|\n${rows.join('')}`
  await expect(`${before}${begin}\n${table}${after}`).toMatchFileSnapshot(readme)
})

function row(file: string, text: string): string {
  const [, client, day] = /^# (.*), (\d{4}-\d\d-\d\d)$/m.exec(text) ?? []
  expect([file, client, day]).not.toContain(undefined)
  const count = (word: string): number => text.split('\n').filter((line) => line.startsWith(word)).length
  const [works, fails] = [count('ok '), count('FAILED ')]
  return `| [${client}](results/${file}) | ${works} of ${works + fails} | ${day} |\n`
}
