import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const page = join(import.meta.dirname, '..', 'docs', 'reliability.md')

/** Puts a command's output into docs/reliability.md between the markers of that name. */
export function keep(name, command, text) {
  const marks = new RegExp(`<!-- ${name} -->\\n[\\s\\S]*?<!-- end -->`)
  const before = readFileSync(page, 'utf8')
  if (!marks.test(before)) throw new Error(`docs/reliability.md has no <!-- ${name} --> … <!-- end -->.`)
  const block = `<!-- ${name} -->\n\`\`\`console\n$ ${command}\n${text}\n\`\`\`\n<!-- end -->`
  writeFileSync(
    page,
    before.replace(marks, () => block),
  )
}
