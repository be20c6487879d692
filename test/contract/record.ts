import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exchange, Message } from './exchange.ts'
import { fields, fieldsIn, textIn } from './json.ts'

/** A folder readable by this user only: recordings hold secrets of the sandbox. */
export const newRecord = (): string => mkdtempSync(join(tmpdir(), 'hma-contract-'))

export const forget = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** One file for each process, one line for each exchange. */
export const append = (folder: string, exchange: Exchange): void =>
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(exchange)}\n`)

export function* recorded(folder: string): Generator<Exchange> {
  for (const file of readdirSync(folder))
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n'))
      if (line !== '') yield exchangeOf(fields(JSON.parse(line)))
}

const exchangeOf = (line: ReturnType<typeof fields>): Exchange => ({
  by: line.by === 'hma' ? 'hma' : 'test',
  ...{ in: textIn(line.in), host: textIn(line.host), method: textIn(line.method), url: textIn(line.url) },
  ...{ request: messageOf(line.request), status: Number(line.status), answer: messageOf(line.answer) },
})

function messageOf(value: unknown): Message {
  const { headers, body } = fields(value)
  return {
    headers: Object.fromEntries(Object.entries(fieldsIn(headers)).map(([name, text]) => [name, textIn(text)])),
    body: textIn(body),
  }
}
