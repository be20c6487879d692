import { rmSync } from 'node:fs'
import { request } from 'node:https'
import type { Principal, World } from './azure.ts'
import { clockOf } from './clock.ts'
import { controlTokenOf } from './front/controlToken.ts'
import { own } from './front/hosts.ts'
import { type Holder, holderOf, lock } from './front/lock.ts'
import { readWorld, writeWorld } from './store.ts'

/**
 * Moves the clock of the world in a file, whether a process serves it now or not; returns the new time. Throws if there is no world.
 */
export async function advanceStored(file: string, milliseconds: number): Promise<Date> {
  const holder = holderOf(file)
  return holder === undefined ? advanceFile(file, milliseconds) : askHolder(file, holder, milliseconds)
}

/** What a client needs to know about the sandbox that serves a file's world. */
export interface Running {
  readonly port: number
  readonly principals: readonly Principal[]
  /** Subscriptions with their tenant. */
  readonly subscriptions: readonly { readonly id: string; readonly tenantId: string }[]
  readonly hosts: World['resources']['hosts']
}

/** The sandbox that serves a file's world now; undefined if none does. */
export function running(file: string): Running | undefined {
  const holder = holderOf(file)
  const world = holder === undefined || holder.port === 0 ? undefined : readWorld(file)
  if (holder === undefined || world === undefined) return undefined
  const subscriptions = Object.entries(world.resources.subscriptions).map(([id, { tenantId }]) => ({ id, tenantId }))
  return { port: holder.port, principals: world.directory.principals, subscriptions, hosts: world.resources.hosts }
}

/** Removes the world in a file, if there is one. Throws while a process serves it. */
export function forgetStored(file: string): void {
  const held = lock(file)
  try {
    rmSync(file, { force: true })
  } finally {
    held.release()
  }
}

const noWorld = (file: string): Error =>
  new Error(`There is no sandbox yet at ${file}. Start one with \`hma sandbox\`, or with --sandbox on another command.`)

function advanceFile(file: string, milliseconds: number): Date {
  const held = lock(file)
  try {
    const world = readWorld(file)
    if (world === undefined) throw noWorld(file)
    const clock = clockOf(world)
    clock.advance(milliseconds)
    writeWorld(file, world)
    return clock.now()
  } finally {
    held.release()
  }
}

/** The process that serves a world has it in memory, so that process moves the clock. */
async function askHolder(file: string, { port }: Holder, milliseconds: number): Promise<Date> {
  const ca = readWorld(file)?.keys.authority.certificate
  if (ca === undefined) throw noWorld(file)
  const answer = await post({ port, ca, token: controlTokenOf(file) }, JSON.stringify({ milliseconds }))
  const now = /"now":"([^"]+)"/.exec(answer)?.[1]
  if (now === undefined) throw new Error(`The sandbox on port ${port} did not move its clock: ${answer}`)
  return new Date(now)
}

interface Control {
  readonly port: number
  readonly ca: string
  readonly token: string
}

const post = ({ port, ca, token }: Control, body: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = {
      host: `${own.control}:${port}`,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const to = {
      host: '127.0.0.1',
      port,
      servername: own.control,
      ca,
      rejectUnauthorized: true,
      method: 'POST',
      path: '/advance',
      headers,
      agent: false,
    }
    const sent = request(to, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve(text))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
