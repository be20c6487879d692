import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { UnusableFile } from '../../files/problem.ts'

const mebibyte = 1024 * 1024

/** Of what a person writes; what hma itself wrote may be longer. */
export const longest = { written: mebibyte, report: 64 * mebibyte } as const

/**
 * The bytes of a regular file that is not too long. A pipe would be waited for without end, and a device may never end: both are
 * refused unread. What goes wrong is told by `fileProblem`.
 */
export async function readRegular(path: string, most: number = longest.written): Promise<Buffer> {
  // Without it, opening a pipe waits for somebody who writes.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const seen = await file.stat()
    if (seen.isDirectory()) throw new UnusableFile('it is a folder')
    if (!seen.isFile()) throw new UnusableFile('it is not a regular file')
    return await upTo(file, most, seen.size)
  } finally {
    await file.close()
  }
}

/** `size` is what it should have; one that grows meanwhile, or tells none, is read to its end all the same. */
async function upTo(file: Awaited<ReturnType<typeof open>>, most: number, size: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let length = 0; ; ) {
    const expected = Math.max(size - length, 0) + 4096
    const piece = Buffer.allocUnsafe(Math.min(expected, mebibyte, most + 1 - length))
    const { bytesRead } = await file.read(piece, 0, piece.length)
    if (bytesRead === 0) return Buffer.concat(pieces)
    length += bytesRead
    if (length > most) throw new UnusableFile(`it is larger than ${most / mebibyte} MiB`)
    pieces.push(piece.subarray(0, bytesRead))
  }
}
