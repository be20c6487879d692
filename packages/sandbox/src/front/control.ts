import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { LogEntry, Settings, World } from '../azure.ts'
import { clockOf } from '../clock.ts'
import { faultsBySeed } from '../faults/bySeed.ts'
import { type Fault, isFault } from '../faults/faults.ts'
import type { CausedViolation } from '../monitor/continuity.ts'
import { isSettings, settingMistake } from '../settings.ts'
import { isWorld, load } from '../store.ts'
import { worldPage } from './worldPage.ts'

/** What the control host has access to. */
export interface Controlled {
  readonly world: World
  readonly settings: Settings
  readonly log: readonly LogEntry[]
  readonly faults: Fault[]
  readonly violations: readonly CausedViolation[]
  /**
   * The token that a caller must present. Without one, any process that finds the port may call, as in tests that serve a world in
   * memory.
   */
  readonly token?: string | undefined
}

/** The sandbox's own host: it moves the clock and shows the request log. Web pages open on this machine could reach it too. */
export function control(controlled: Controlled): Hono {
  const { world, settings, log, faults, violations, token } = controlled
  const clock = clockOf(world)
  const app = new Hono()
  app.use(async (context, next) => {
    const { origin, 'sec-fetch-site': site } = context.req.header()
    if (origin !== undefined || (site !== undefined && site !== 'none'))
      return context.json({ error: 'This host answers no page of a browser.' }, 403)
    if (token !== undefined && context.req.path !== '/health' && !isToken(token, context.req.header('authorization'))) {
      // A browser asks for a user name, which may be anything, and a password, which is the token.
      if (context.req.path === '/') context.header('WWW-Authenticate', 'Basic realm="hma sandbox", charset="UTF-8"')
      return context.json({ error: 'Send the token of .hma/sandbox-control-token: Authorization: Bearer TOKEN.' }, 401)
    }
    return next()
  })
  app.get('/', () => worldPage({ ...controlled, now: clock.now() }))
  app.get('/snapshot', (context) => context.json(world))
  app.put('/snapshot', async (context) => {
    const snapshot: unknown = await context.req.json().catch(() => undefined)
    if (!isWorld(snapshot)) return mistake(context, 'Send what GET /snapshot answered.')
    load(world, snapshot)
    return context.json({ now: clock.now().toISOString() })
  })
  app.get('/health', (context) => context.json({ status: 'ok', now: clock.now().toISOString() }))
  app.get('/log', (context) => context.json({ value: log }))
  app.get('/violations', (context) => context.json({ value: violations }))
  app.get('/settings', (context) => context.json(settings))
  app.post('/advance', async (context) => {
    const milliseconds = await field(context, 'milliseconds')
    if (typeof milliseconds !== 'number') return mistake(context, 'Send {"milliseconds": 60000}.')
    try {
      clock.advance(milliseconds)
    } catch (error) {
      return mistake(context, String(error))
    }
    return context.json({ now: clock.now().toISOString() })
  })
  app.patch('/settings', async (context) => {
    const change: unknown = await context.req.json().catch(() => undefined)
    if (!isSettings(change)) return mistake(context, settingMistake(change) ?? 'These are no settings.')
    return context.json(Object.assign(settings, change))
  })
  app.get('/faults', (context) => context.json({ value: faults }))
  app.post('/faults', async (context) => {
    const wanted: unknown = await context.req.json().catch(() => undefined)
    const drawn = isDraw(wanted) ? faultsBySeed(wanted.seed, wanted.count) : [wanted]
    if (!drawn.every(isFault))
      return mistake(
        context,
        'Send {"service": "graph", "times": 1, "when": "instead", "answer": {"status": 503}}, or {"seed": 7, "count": 5}.',
      )
    faults.push(...drawn)
    return context.json({ value: faults })
  })
  app.delete('/faults', (context) => context.json({ value: faults.splice(0) }))
  app.notFound((context) =>
    context.json(
      {
        error:
          'There are GET /, /health, /log, /violations, /settings, /faults and /snapshot, POST /advance and /faults, PATCH /settings, PUT /snapshot, DELETE /faults.',
      },
      404,
    ),
  )
  return app
}

/** Faults of every kind, drawn from a seed. */
function isDraw(value: unknown): value is { seed: number; count: number } {
  if (typeof value !== 'object' || value === null || !('seed' in value && 'count' in value)) return false
  const { seed, count } = value
  return Number.isSafeInteger(seed) && Number.isSafeInteger(count) && Number(count) > 0 && Number(count) <= 1000
}

function isToken(token: string, authorization = ''): boolean {
  const [, pair] = /^Basic (.+)$/i.exec(authorization) ?? []
  const password = pair && Buffer.from(pair, 'base64').toString('utf8').split(':').slice(1).join(':')
  const [wanted, given] = [`Bearer ${token}`, password === undefined ? authorization : `Bearer ${password}`].map((text) =>
    createHash('sha256').update(text).digest(),
  )
  return wanted !== undefined && given !== undefined && timingSafeEqual(wanted, given)
}

const mistake = (context: Context, error: string): Response => context.json({ error }, 400)

async function field(context: Context, name: string): Promise<unknown> {
  const body: unknown = await context.req.json().catch(() => undefined)
  return typeof body === 'object' && body !== null ? Object.entries(body).find(([key]) => key === name)?.[1] : undefined
}
