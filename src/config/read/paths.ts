import { resolve, win32 } from 'node:path'

/**
 * A path in the configuration, relative to its file's folder. Windows paths work everywhere:
 * a drive or share is left as it is, and a relative path may use backslashes.
 */
export const absolute = (path: string, folder: string): string =>
  /^[A-Za-z]:[\\/]|^\\\\/.test(path) ? win32.normalize(path) : resolve(folder, path.replaceAll('\\', '/'))
