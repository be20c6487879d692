import type { Socket } from 'node:net'
import { rootCertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { trustingConnector } from '../../src/azure/http/tls/trust.ts'
import { serve, type TestServer } from './server.ts'

const [somebody = ''] = rootCertificates

const served = () => serve(() => ({ status: 200 }))

const connected = (connector: ReturnType<typeof trustingConnector>, { port }: TestServer) =>
  new Promise<Socket>((resolve, reject) => {
    const target = { hostname: '127.0.0.1', servername: 'graph.lab.localhost', protocol: 'https:', port: String(port) }
    connector(target, (error, socket) => (error === null ? resolve(socket) : reject(error)))
  }).then((socket) => {
    onTestFinished(() => void socket.destroy())
    return socket.readyState
  })

describe('a host is trusted', () => {
  test('for the certificates that are named, without reading the usual roots', async () => {
    const server = await served()
    expect(await connected(trustingConnector([server.caPem], ['no certificate']), server)).toBe('open')
  })

  test('for the usual roots, each time, where the named certificates do not vouch for it', async () => {
    const server = await served()
    const connector = trustingConnector([somebody], [server.caPem])
    expect(await connected(connector, server)).toBe('open')
    expect(await connected(connector, server)).toBe('open')
  })

  test('for neither: it is refused', async () => {
    const server = await served()
    const connector = trustingConnector([somebody], rootCertificates)
    await expect(connected(connector, server)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await expect(connected(connector, server)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })
})
