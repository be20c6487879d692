import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { constants, Script } from 'node:vm'
import { crc32 } from 'node:zlib'

declare global {
  namespace NodeJS {
    interface Module {
      /** Not documented, and the same in all releases of Node.js 20, the only version in which it is replaced. */
      _compile(source: string, filename: string): unknown
    }
  }
}

/** What this process compiled, by the file that its code goes to. */
const compiled = new Map<string, Script>()

/** A checksum in front of the code: V8 runs damaged code without a check. */
const checksumBytes = 4

/**
 * Node.js 20 has no compile cache: compiles modules with `vm.Script`, which takes the code of an earlier run. A file is named after what the
 * code depends on: the source, and V8's version and flags. https://nodejs.org/api/vm.html#scriptcreatecacheddata
 */
export function keepCompiledCodeIn(folder: string): void {
  Module.prototype._compile = function (source, filename) {
    const file = join(folder, `${process.arch}-${cachedDataVersionTag().toString(16)}`, crc32(source).toString(16))
    const cachedData = storedCode(file)
    const script = new Script(Module.wrap(source), {
      filename,
      ...(cachedData && { cachedData }),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    if (!cachedData || script.cachedDataRejected) compiled.set(file, script)
    const run: (...of: unknown[]) => unknown = script.runInThisContext()
    return run.call(this.exports, this.exports, createRequire(filename), this, filename, dirname(filename))
  }
  process.on('exit', storeCompiledCode)
}

/**
 * Stores what was compiled since the last call. Functions are compiled when they are first called, so the later, the more complete. To be
 * called before V8's flags change: it takes code only under the flags that it was stored under.
 */
export function storeCompiledCode(): void {
  try {
    for (const [file, script] of compiled) store(file, script)
  } catch {
    // A read-only or full disk: the next run compiles again.
  }
  compiled.clear()
}

function storedCode(file: string): Buffer | undefined {
  try {
    const stored = readFileSync(file)
    const code = stored.subarray(checksumBytes)
    return stored.readUInt32LE() === crc32(code) ? code : undefined
  } catch {
    return undefined
  }
}

/** Under its name once it is complete, since other processes may read at the same time. */
function store(file: string, script: Script): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const code = script.createCachedData()
  const checksum = Buffer.alloc(checksumBytes)
  checksum.writeUInt32LE(crc32(code))
  writeFileSync(`${file}.${process.pid}`, Buffer.concat([checksum, code]), { mode: 0o600 })
  renameSync(`${file}.${process.pid}`, file)
}
