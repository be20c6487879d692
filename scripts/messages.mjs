// Lists every message in the source with its place, so that all messages can be proofread together.
//   npm run messages                 all of them
//   npm run messages -- src/proof    those of a folder
//   npm run messages -- --banned     only those with words that are not plain English; exit code 1 if there are any
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { parseAst } from 'rolldown/parseAst'
import { banned } from './plainEnglish.mjs'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ options: { banned: { type: 'boolean', default: false } }, allowPositionals: true })
const folders = positionals.length > 0 ? positionals : ['src']

let found = 0
for (const folder of folders)
  for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((one) => one.endsWith('.ts'))
    .sort())
    for (const { line, text } of messagesIn(readFileSync(join(root, folder, path), 'utf8'))) {
      if (values.banned && !banned.test(text)) continue
      found += 1
      process.stdout.write(`${relative(root, join(root, folder, path))}:${line}  ${text}\n`)
    }
if (values.banned && found > 0) process.exitCode = 1

/** Texts of three or more words; inserted values show as …. */
function messagesIn(source) {
  const lineAt = (offset) => source.slice(0, offset).split('\n').length
  const messages = []
  visit(parseAst(source, { lang: 'ts' }), (node) => {
    const text =
      node.type === 'Literal' && typeof node.value === 'string'
        ? node.value
        : node.type === 'TemplateLiteral'
          ? template(node)
          : ''
    if (/(\p{L}+[ ,.;:!?'’]+){2}\p{L}/u.test(text))
      messages.push({ line: lineAt(node.start), text: text.replaceAll('\n', '\\n') })
  })
  return messages
}

function visit(node, look) {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, look)
    return
  }
  if (typeof node !== 'object' || node === null) return
  if (typeof node.type === 'string') look(node)
  for (const [key, value] of Object.entries(node)) if (key !== 'parent') visit(value, look)
}

function template({ quasis }) {
  return quasis.map(({ value }) => value.cooked ?? value.raw).join('…')
}
