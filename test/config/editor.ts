import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '../..')
const server = join(root, 'node_modules/yaml-language-server/bin/yaml-language-server')

export interface Place {
  readonly line: number
  readonly character: number
}

export interface Diagnostic {
  readonly message: string
  readonly range: { readonly start: Place }
}

/** An editor with a YAML language server, as the extension of VS Code runs it: over stdio, knowing nothing about hma except the file. */
export interface Editor {
  /** Open a file with this text; what is wrong in it. */
  open(file: string, text: string): Promise<readonly Diagnostic[]>
  hover(file: string, at: Place): Promise<string>
  /** Labels of the completions at this place. */
  complete(file: string, at: Place): Promise<readonly string[]>
  close(): void
}

type Message = { readonly id?: number; readonly method?: string; readonly params?: unknown; readonly result?: unknown }

export async function editor(): Promise<Editor> {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const waiting = new Map<number | string, (value: unknown) => void>()
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const hear = (key: number | string): Promise<unknown> => new Promise((resolve) => waiting.set(key, resolve))
  listen(child.stdout, ({ id, method, params, result }) => {
    if (method === 'textDocument/publishDiagnostics') waiting.get(String(at(params, 'uri')))?.(at(params, 'diagnostics'))
    else if (method === 'workspace/configuration') send({ id, result: settings })
    else if (method !== undefined && id !== undefined) send({ id, result: null })
    else if (id !== undefined) waiting.get(id)?.(result)
  })
  let last = 0
  const ask = (method: string, params: object): Promise<unknown> => {
    const id = ++last
    const answer = hear(id)
    send({ id, method, params })
    return answer
  }
  await ask('initialize', { processId: process.pid, rootUri: uri('.'), capabilities, workspaceFolders: null })
  send({ method: 'initialized', params: {} })
  const place = (file: string, position: Place) => ({ textDocument: { uri: uri(file) }, position })
  return {
    open(file, text) {
      const found = hear(uri(file))
      const textDocument = { uri: uri(file), languageId: 'yaml', version: 1, text }
      send({ method: 'textDocument/didOpen', params: { textDocument } })
      return found.then(diagnosticsIn)
    },
    hover: async (file, position) => String(at(at(await ask('textDocument/hover', place(file, position)), 'contents'), 'value')),
    complete: async (file, position) => {
      const items = at(await ask('textDocument/completion', place(file, position)), 'items')
      return Array.isArray(items) ? items.map((item) => String(at(item, 'label'))) : []
    },
    close: () => void child.kill(),
  }
}

/** What VS Code's extension answers by default, with the online schema store turned off. */
const settings = [{ validate: true, hover: true, completion: true, schemaStore: { enable: false } }, {}, {}, {}, {}]
const capabilities = {
  workspace: { configuration: true },
  textDocument: { hover: { contentFormat: ['markdown'] }, completion: { completionItem: {} }, publishDiagnostics: {} },
}
const uri = (file: string): string => pathToFileURL(resolve(root, file)).href
const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

function diagnosticsIn(value: unknown): readonly Diagnostic[] {
  if (!Array.isArray(value)) throw new Error('These are no diagnostics.')
  return value.map((one) => {
    const start = at(at(one, 'range'), 'start')
    return {
      message: String(at(one, 'message')),
      range: { start: { line: Number(at(start, 'line')), character: Number(at(start, 'character')) } },
    }
  })
}

/** The frames of the protocol: https://microsoft.github.io/language-server-protocol/specifications/base/0.9/specification/ */
function listen(stream: NodeJS.ReadableStream, heard: (message: Message) => void): void {
  let rest = Buffer.alloc(0)
  stream.on('data', (part: Buffer) => {
    rest = Buffer.concat([rest, part])
    for (;;) {
      const [head, length] = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(rest.toString('latin1')) ?? []
      const end = (head?.length ?? 0) + Number(length)
      if (head === undefined || rest.length < end) return
      heard(JSON.parse(rest.subarray(head.length, end).toString('utf8')))
      rest = rest.subarray(end)
    }
  })
}
