import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { UnusableFile } from '../../files/problem.ts'

const mebibyte = 1024 * 1024

/** For files that people write; files that hma wrote may be longer. */
export const longest = { written: mebibyte, report: 64 * mebibyte } as const

/**
 * The bytes of a regular file of limited size. Reading a pipe could block forever, and a device may never end: both are
 * refused unread. `fileProblem` explains errors.
 */
export async function readRegular(path: string, most: number = longest.written): Promise<Buffer> {
  // Without it, opening a pipe waits for a writer.
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

/** `size` is the expected size; a file that grows meanwhile, or reports none, is still read to its end. */
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
