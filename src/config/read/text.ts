import type { FileHandle } from 'node:fs/promises'
import { HmaError } from '../../core/errors.ts'
import { openRegular } from './regularFile.ts'

/** A configuration is small. More than this is a wrong file. */
const most = 1024 * 1024

/** The text of a file, without a byte order mark. Windows PowerShell writes UTF-16, so that is read too. */
export async function readText(path: string): Promise<string> {
  const file = await openRegular(path).catch((cause: unknown) => {
    if (cause instanceof HmaError) throw cause
    throw new HmaError('HMA110', `The file cannot be read${reason(cause)}.`, {
      hint: 'Check the path and who may read it.',
      cause,
    })
  })
  try {
    const bytes = Buffer.alloc(most + 1)
    const length = await fill(file, bytes)
    if (length > most)
      throw new HmaError('HMA110', 'The file is larger than 1 MiB.', {
        hint: 'Is it a configuration? Split a long one into several files.',
      })
    return decode(bytes.subarray(0, length))
  } finally {
    await file.close()
  }
}

async function fill(file: FileHandle, bytes: Buffer): Promise<number> {
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length).catch((cause: unknown) => {
      throw new HmaError('HMA110', `The file cannot be read${reason(cause)}.`, {
        hint: 'Check the path and who may read it.',
        cause,
      })
    })
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}

const reason = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${String(cause.code)})` : ''

function decode(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HmaError('HMA110', 'The file is not text in UTF-8.', { hint: 'Save it as UTF-8.', cause })
  }
}
