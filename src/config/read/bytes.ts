import { readFile } from 'node:fs/promises'
import { HmaError } from '../../core/errors.ts'

/** The bytes of a small file; undefined where there is none. `name` is how messages call it, `holds` what should be in it. */
export async function readBytes(path: string, name: string, holds = 'a certificate'): Promise<Buffer | undefined> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
    if (code === 'ENOENT') return undefined
    throw new HmaError('HMA114', `${name} cannot be read (${code})`, { hint: 'Check the path and who may read it.', cause })
  })
  if (bytes && bytes.length > most)
    throw new HmaError('HMA114', `${name} is larger than 1 MiB`, { hint: `It should hold ${holds} and nothing else.` })
  return bytes
}

const most = 1024 * 1024
