import type { Socket } from 'node:net'
import { connect, rootCertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Trust, trustingConnect } from '../../src/azure/http/connect/trust.ts'
import { serve, type TestServer } from './server.ts'

const [somebody = ''] = rootCertificates

const served = () => serve(() => ({ status: 200 }))

const connected = (trusted: ReturnType<typeof trustingConnect>, { port }: TestServer) =>
  new Promise<string>((resolve, reject) => {
    const servername = 'graph.lab.localhost'
    const begin = (trust: Trust): Socket => connect({ host: '127.0.0.1', port, servername, ...trust })
    trusted(servername, begin, (error, socket) => {
      if (error !== null || socket === undefined) return reject(error)
      onTestFinished(() => void socket.destroy())
      socket.once('error', reject)
      if (socket.readyState === 'open') resolve('open')
      else socket.once('secureConnect', () => resolve(socket.readyState))
    })
  })

describe('a host is trusted', () => {
  test('by the named certificates, without reading the usual roots', async () => {
    const server = await served()
    expect(await connected(trustingConnect([server.caPem], ['no certificate']), server)).toBe('open')
  })

  test('by the usual roots, each time, if the named certificates do not cover it', async () => {
    const server = await served()
    const connector = trustingConnect([somebody], [server.caPem])
    expect(await connected(connector, server)).toBe('open')
    expect(await connected(connector, server)).toBe('open')
  })

  test('by neither: the connection is refused', async () => {
    const server = await served()
    const connector = trustingConnect([somebody], rootCertificates)
    await expect(connected(connector, server)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await expect(connected(connector, server)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })
})
