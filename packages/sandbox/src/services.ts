import type { Azure, LogEntry, Seed } from './azure.ts'
import { dataverse } from './dataverse/routes.ts'
import { directory } from './directory/routes.ts'
import { claimed } from './entra/bearer.ts'
import { entra } from './entra/routes.ts'
import { exchange } from './exchange/routes.ts'
import { type Fault, faultFor, faulty, isRead, nameOf, refusing } from './faults/faults.ts'
import { control } from './front/control.ts'
import { type Served, servedAt } from './front/hosts.ts'
import { ignoredOf, refuseIgnored } from './honoured.ts'
import { catchUpAll, keyVault } from './keyVault/routes.ts'
import type { Monitor } from './monitor/continuity.ts'
import { resourceManager } from './resourceManager/routes.ts'

type Answer = (request: Request) => Response | Promise<Response>

/** Decides when requests are answered and how time passes. Without one, requests are answered at once, in the machine's time. */
export interface RequestScheduler {
  /** Resolves with what `answer` resolves with, once it is the request's turn. */
  inTurn<Result>(request: Request, answer: () => Promise<Result>): Promise<Result>
  /** Waits this many milliseconds of the sandbox's time before an answer goes out, or until the client hangs up. */
  pause(milliseconds: number | 'stall'): Promise<void>
}

interface Composition {
  readonly azure: Azure
  readonly hosts: Seed['hosts']
  readonly log: LogEntry[]
  readonly faults: Fault[]
  /** Saves the world; called after every request that may have changed it, before its answer goes out. */
  save(): Promise<void>
  readonly watch: Monitor
  /** Called with a request of which a part was ignored. */
  ignored(entry: LogEntry): void
  readonly conductor: RequestScheduler
  readonly controlToken?: string | undefined
}

/** A request, and what waits until its client has hung up. */
export interface Arrival {
  readonly request: Request
  gone(): Promise<void>
}

/** Routes a request by its host to a part of the sandbox, and logs it. Undefined closes the connection. */
export function services(parts: Composition): (arrival: Arrival) => Promise<Response | undefined> {
  const { azure, hosts, faults, conductor } = parts
  const answers = answersOf(parts)
  const respond = async ({ request, gone }: Arrival): Promise<Response | undefined> => {
    const served = servedAt(azure, hosts, request.headers.get('host') ?? new URL(request.url).host)
    // TLS has accepted the name given in the handshake; the header may still name another one.
    if (served === undefined) return new Response(null, { status: 421 })
    await catchUpWithTime(parts, request, served)
    const fault = faultFor(faults, served, request)
    const done = fault?.when === 'instead' ? undefined : await answerBy(answers[served], request)
    const ignored = done?.ok === true ? ignoredOf(served, request) : []
    const carriedOut = azure.settings.strict === true && ignored.length > 0 ? refuseIgnored(ignored) : done
    const response = fault === undefined ? carriedOut : faulty(fault, carriedOut)
    await conclude(parts, { request, response, served, fault, ignored })
    if (fault?.answer === 'stall') await Promise.race([gone(), conductor.pause('stall')])
    else if (fault?.delay !== undefined) await conductor.pause(fault.delay)
    return response && dated(refusing(faults, served) ? closing(response) : response, azure.now())
  }
  return (arrival) => conductor.inTurn(arrival.request, () => respond(arrival))
}

/** Changes due to time alone are carried out and checked before the request, which did not cause them. */
async function catchUpWithTime({ azure, watch }: Composition, { method, url }: Request, service: Served): Promise<void> {
  if (!watch.isDue()) return
  await catchUpAll(azure)
  watch.observe({ at: azure.now().toISOString(), service, method, url, status: 0, caller: undefined })
}

/** Every service sends its time (RFC 9110, 6.6.1). */
function dated(response: Response, now: Date): Response {
  if (!response.headers.has('Date')) response.headers.set('Date', now.toUTCString())
  return response
}

/** The connection ends with this answer. */
function closing(response: Response): Response {
  response.headers.set('Connection', 'close')
  return response
}

/** A bug in the sandbox is reported to the client that met it and in the log. */
async function answerBy(answer: Answer, request: Request): Promise<Response> {
  try {
    return await answer(request)
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return new Response(`The sandbox failed: ${message}\n`, { status: 500, headers: { 'Content-Type': 'text/plain' } })
  }
}

function answersOf({ azure, log, faults, watch, controlToken }: Composition): Record<Served, Answer> {
  const parts = {
    login: entra(azure),
    management: resourceManager(azure),
    graph: directory(azure),
    keyVault: keyVault(azure),
    dataverse: dataverse(azure),
    exchange: exchange(azure),
    sandbox: control({
      ...{ world: azure.world, settings: azure.settings, log, faults, violations: watch.violations },
      token: controlToken,
    }),
  }
  const { login, management, graph, keyVault: vaults, dataverse: organizations, exchange: servers, sandbox } = parts
  return {
    login: (request) => login.fetch(request),
    management: (request) => management.fetch(request),
    graph: (request) => graph.fetch(request),
    keyVault: (request) => vaults.fetch(request),
    dataverse: (request) => organizations.fetch(request),
    exchange: (request) => servers.fetch(request),
    sandbox: (request) => sandbox.fetch(request),
  }
}

interface Exchanged {
  readonly request: Request
  /** Undefined if the connection was closed without one. */
  readonly response: Response | undefined
  readonly served: Served
  readonly fault: Fault | undefined
  readonly ignored: readonly string[]
}

async function conclude(
  { azure, log, save, watch, ignored: tell }: Composition,
  { request, response, served, fault, ignored }: Exchanged,
): Promise<void> {
  const { caller, tenant } = claimed(request)
  const entry: LogEntry = {
    at: azure.now().toISOString(),
    service: served,
    method: request.method,
    url: request.url,
    status: response?.status ?? 0,
    caller,
    ...(fault && { fault: nameOf(fault) }),
    ...(ignored.length > 0 && { ignored }),
  }
  // Reading the log is not logged.
  if (served !== 'sandbox') log.push(entry)
  if (ignored.length > 0) tell(entry)
  // Reading a vault can complete a pending certificate.
  if (served === 'keyVault' || !isRead(served, request)) watch.observe(entry, served === 'sandbox' ? undefined : tenant)
  if (!isRead(served, request)) await save()
}
