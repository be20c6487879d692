import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, rootCertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Trust, trustingConnect } from '../../src/azure/http/connect/trust.ts'
import { real } from '../../src/session/runtime.ts'
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
    expect(
      await connected(
        trustingConnect([server.caPem], () => ['no certificate']),
        server,
      ),
    ).toBe('open')
  })

  test('by the usual roots, each time, if the named certificates do not cover it', async () => {
    const server = await served()
    const connector = trustingConnect([somebody], () => [server.caPem])
    expect(await connected(connector, server)).toBe('open')
    expect(await connected(connector, server)).toBe('open')
  })

  test('by NODE_EXTRA_CA_CERTS, too', async () => {
    const server = await served()
    const folder = await mkdtemp(join(tmpdir(), 'hma-extra-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'corporate.pem')
    await writeFile(file, server.caPem)
    const { usualRoots } = real({ NODE_EXTRA_CA_CERTS: file }, Date.now).transport
    expect(await connected(trustingConnect([somebody], usualRoots), server)).toBe('open')
    await writeFile(file, `${server.caPem.slice(0, 200)}\n-----END CERTIFICATE-----\n`)
    await expect(connected(trustingConnect([somebody], usualRoots), server)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
  })

  test('by neither: the connection is refused', async () => {
    const server = await served()
    const connector = trustingConnect([somebody], () => rootCertificates)
    await expect(connected(connector, server)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await expect(connected(connector, server)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })
})
