import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { globSync } from 'tinyglobby'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root }).sort()
const read = (page: string): string => readFileSync(join(root, page), 'utf8')

/** Outside of code, where brackets are no links. */
const prose = (page: string): string =>
  read(page)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]+`/g, (code) => code.replaceAll(/[[\]()]/g, ''))

/** As GitHub makes an anchor of a heading: https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links */
const anchors = (page: string): readonly string[] =>
  [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

/** Broken links within the repository. */
function broken(page: string): readonly string[] {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to)
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && target.endsWith('.md') && !anchors(target).includes(anchor)
  })
}

test.each(pages)('%s contains no broken links', (page) => {
  expect(broken(page)).toEqual([])
})

test('every page of the documentation can be reached from the README', () => {
  const reached = new Set(['README.md'])
  for (const page of reached)
    for (const [, to = ''] of prose(page).matchAll(/\]\(([^)\s#]+\.md)/g))
      if (!/^[a-z]+:/.test(to)) reached.add(join(dirname(page), to))
  const inFolder = pages.filter((page) => page.startsWith('docs/') && !page.startsWith('docs/adr/'))
  expect(inFolder.filter((page) => !reached.has(page))).toEqual([])
})
