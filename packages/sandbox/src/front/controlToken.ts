import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const fileFor = (worldFile: string): string => join(dirname(worldFile), 'sandbox-control-token')

/** A new token for the control host of the process that serves this world, readable by its owner only. */
export function newControlToken(worldFile: string): string {
  const token = randomBytes(24).toString('base64url')
  const beside = `${fileFor(worldFile)}.${randomBytes(8).toString('hex')}.tmp`
  try {
    writeFileSync(beside, token, { flag: 'wx', mode: 0o600 })
    renameSync(beside, fileFor(worldFile))
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
  return token
}

/** The token of the process that serves this world now. */
export const controlTokenOf = (worldFile: string): string => readFileSync(fileFor(worldFile), 'utf8').trim()

export const forgetControlToken = (worldFile: string): void => rmSync(fileFor(worldFile), { force: true })
