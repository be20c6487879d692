import { resolve, win32 } from 'node:path'

/**
 * A path of the configuration, from the folder of the file that says it. A path of Windows works everywhere:
 * a drive or a share is left as it is, and a relative one may be written with backslashes.
 */
export const absolute = (path: string, folder: string): string =>
  /^[A-Za-z]:[\\/]|^\\\\/.test(path) ? win32.normalize(path) : resolve(folder, path.replaceAll('\\', '/'))
