import { setFlagsFromString } from 'node:v8'
import { storeCompiledCode } from './compiledCode.ts'

/**
 * For a fleet, collect garbage sooner: given room, V8 lets the heap grow to several times what is in use. For a few deployments, do not
 * optimize JavaScript: within half a second, it does not pay off. V8 in later versions of Node.js does less of it.
 * https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function tuneFor({ fleet }: { readonly fleet: boolean }): void {
  const short = process.versions.v8.startsWith('11.') ? '--interrupt-budget=1000000' : undefined
  const flag = fleet ? '--heap-growing-percent=120' : short
  if (flag === undefined) return
  storeCompiledCode()
  setFlagsFromString(flag)
}
