import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { createServer as createProxy, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect, createServer as createSocks, type Server } from 'node:net'
import { cryptoProvider, PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import { onTestFinished } from 'vitest'

cryptoProvider.set(webcrypto)

/** A request as it came over the wire. */
export interface Received {
  readonly method: string
  readonly host: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** `drop` breaks the connection after the request was received, as a lost answer does. */
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | 'drop'

export interface TestServer {
  readonly port: number
  readonly caPem: string
  readonly received: Received[]
  /** How many connections were made so far. */
  handshakes(): number
  /** Lead every host of the certificate here. */
  readonly route: (host: string) => { host: string; port: number }
}

const names = ['login', 'management', 'graph', '*.vault', 'contoso.crm4'].map((name) => `${name}.lab.localhost`)

let certificate: Promise<{ cert: string; key: string }> | undefined

async function makeCertificate(): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [
      new SubjectAlternativeNameExtension(
        [...names, 'graph.contoso.example', 'localhost'].map((value) => ({ type: 'dns', value })),
      ),
    ],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: made.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') }
}

/** A real HTTPS server that answers as `reply` says and records requests. Closed at the end of the test. */
export async function serve(reply: (request: Received, count: number) => Reply | Promise<Reply>): Promise<TestServer> {
  certificate ??= makeCertificate()
  const { cert, key } = await certificate
  const received: Received[] = []
  const server = createServer({ cert, key }, async (incoming, outgoing) => {
    let body = ''
    for await (const part of incoming) body += part
    const { method = '', url: path = '', headers } = incoming
    const request = { method, host: headers.host ?? '', path, headers, body }
    received.push(request)
    const answer = await reply(request, received.length)
    if (answer === 'drop') return void incoming.socket.destroy()
    const text = typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body)
    outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text)
  })
  let handshakes = 0
  server.on('secureConnection', () => void handshakes++)
  const port = await listening(server)
  return { port, caPem: cert, received, handshakes: () => handshakes, route: () => ({ host: '127.0.0.1', port }) }
}

/** A real HTTPS server that answers as badly as it likes. */
export async function serveRaw(answer: (outgoing: ServerResponse) => void): Promise<TestServer> {
  certificate ??= makeCertificate()
  const { cert, key } = await certificate
  const server = createServer({ cert, key }, (_incoming, outgoing) => answer(outgoing))
  const port = await listening(server)
  return { port, caPem: cert, received: [], handshakes: () => 0, route: () => ({ host: '127.0.0.1', port }) }
}

export interface TestProxy {
  readonly url: string
  /** The requested targets. */
  readonly asked: string[]
  /** What the clients presented. */
  readonly credentials: (string | undefined)[]
}

/** A proxy that opens tunnels to one port, or refuses. It can speak TLS itself, as `localhost`. */
export async function serveProxy(
  to: number | 'hangs up' | 'is silent' | 'refuses',
  { secure = false }: { readonly secure?: boolean } = {},
): Promise<TestProxy> {
  const asked: string[] = []
  const credentials: (string | undefined)[] = []
  certificate ??= makeCertificate()
  const proxy = secure ? createServer(await certificate) : createProxy()
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    credentials.push(request.headers['proxy-authorization'])
    if (to === 'hangs up') return socket.end()
    if (to === 'is silent') return
    if (to === 'refuses') return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 5\r\n\r\nlogin')
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  const port = await listening(proxy)
  return { url: secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`, asked, credentials }
}

/** A SOCKS proxy that lets one user through, to one port (https://www.rfc-editor.org/rfc/rfc1928, rfc1929). */
export async function serveSocks(to: number, user: string, password: string): Promise<TestProxy> {
  const [asked, credentials]: [string[], string[]] = [[], []]
  const proxy = createSocks((socket) => {
    const next = (hear: (data: Buffer) => void): void => void socket.once('data', hear)
    next(() => {
      socket.write(Buffer.from([5, 2]))
      next((presented) => {
        const name = presented.subarray(2, 2 + (presented[1] ?? 0)).toString()
        const key = presented.subarray(3 + name.length).toString()
        credentials.push(`${name}:${key}`)
        socket.write(Buffer.from([1, name === user && key === password ? 0 : 1]))
        next((request) => {
          const host = request.subarray(5, 5 + (request[4] ?? 0)).toString()
          asked.push(`${host}:${request.readUInt16BE(5 + host.length)}`)
          const onward = connect(to, '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
            onward.pipe(socket).pipe(onward)
          })
        })
      })
    })
    socket.on('error', () => {})
  })
  return { url: `socks5://${user}:${encodeURIComponent(password)}@127.0.0.1:${await listening(proxy)}`, asked, credentials }
}

async function listening(server: Server & { closeAllConnections?: () => void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections?.()
    server.close()
  })
  const address = server.address()
  return (isAddress(address) ? address : { port: 0 }).port
}

const isAddress = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null
