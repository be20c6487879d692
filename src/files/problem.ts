/** The system's error codes for files in words; the message already has the path. https://nodejs.org/api/errors.html#common-system-errors */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of its path is a file, not a folder',
  EEXIST: 'it already exists',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it is too large for the file system',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  ENXIO: 'it is not a regular file',
  EBUSY: 'another program is using it',
  ETXTBSY: 'another program is using it',
  EIO: 'the disk reports an error',
  ENOTEMPTY: 'the folder is not empty',
  EXDEV: 'it is on another file system',
}

/** A file of an unusable type. Its message is the reason in words. */
export class UnusableFile extends Error {}

/** Why a file cannot be read or written. */
export function fileProblem(error: unknown): string {
  if (error instanceof UnusableFile) return error.message
  const code = fileCode(error)
  // Missing folders are created, but one of them is a file.
  if (code === 'EEXIST' && error instanceof Error && 'syscall' in error && error.syscall === 'mkdir') return words.ENOTDIR ?? code
  return (code && words[code]) ?? code ?? (error instanceof Error ? error.message : String(error))
}

/** The code of a file-system error; undefined for any other error. */
export const fileCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** A file-system error that nothing else has explained: `path`, and what was tried. */
export const isFileFailure = (error: unknown): error is Error & { readonly path: string; readonly code: string } =>
  error instanceof Error && 'path' in error && typeof error.path === 'string' && words[fileCode(error) ?? ''] !== undefined
