import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { keepCompiledCodeIn } from './compiledCode.ts'

/**
 * Keeps compiled code between runs. The cache is in a folder of the user's own, because another user could write to the shared temporary
 * folder. If it cannot be written, hma works without it; NODE_DISABLE_COMPILE_CACHE turns it off. Node.js 22.8 and later have one of their own.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
export function cacheCompiledCode(): void {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env
  const folder = NODE_COMPILE_CACHE || ownFolder()
  if (!folder || NODE_DISABLE_COMPILE_CACHE) return
  if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache(folder)
  else keepCompiledCodeIn(folder)
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
