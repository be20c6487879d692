// Lists every message in the source with its place, so that all messages can be proofread together.
//   npm run messages                 all of them
//   npm run messages -- src/proof    those of a folder
//   npm run messages -- --banned     only those, and only comments, with words that are not plain English; exit code 1 if there are any
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { parseAst } from 'rolldown/parseAst'
import { banned, bannedInComments } from './plainEnglish.mjs'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ options: { banned: { type: 'boolean', default: false } }, allowPositionals: true })
const folders = positionals.length > 0 ? positionals : ['src']

let found = 0
for (const folder of folders)
  for (const path of sourcesIn(folder))
    for (const { line, text } of messagesIn(readFileSync(path, 'utf8')))
      if (!values.banned || banned.test(text)) print(path, line, text)
if (values.banned)
  for (const folder of ['src', 'packages/sandbox/src', 'test', 'packages/sandbox/test'])
    for (const path of sourcesIn(folder))
      for (const { line, text } of commentsIn(readFileSync(path, 'utf8')))
        if (bannedInComments.test(text)) print(path, line, text)
if (values.banned && found > 0) process.exitCode = 1

function print(path, line, text) {
  found += 1
  process.stdout.write(`${relative(root, path)}:${line}  ${text}\n`)
}

function sourcesIn(folder) {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return paths
    .filter((one) => one.endsWith('.ts'))
    .sort()
    .map((one) => join(root, folder, one))
}

function commentsIn(source) {
  const lines = source.split('\n').map((text, at) => ({ line: at + 1, text: text.trim() }))
  return lines.filter(({ text }) => /^(\/\*\*|\*|\/\/)/.test(text))
}

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
