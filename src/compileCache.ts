import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Node.js 22.8 and later can cache compiled code between runs. The cache is in a folder of the user's own: in the shared temporary folder it could come
 * from somebody else. If it cannot be written, Node.js goes on without it; NODE_DISABLE_COMPILE_CACHE turns it off.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
export function cacheCompiledCode(): void {
  if (!('enableCompileCache' in module) || typeof module.enableCompileCache !== 'function') return
  const folder = process.env.NODE_COMPILE_CACHE ?? ownFolder()
  if (folder) module.enableCompileCache(folder)
}

function ownFolder(): string | undefined {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const caches = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME || inHome()
  return caches && join(caches, 'hma')
}

function inHome(): string | undefined {
  try {
    return join(homedir(), '.cache')
  } catch {
    // A container may run as a user without an account.
    return undefined
  }
}
