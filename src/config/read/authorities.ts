import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { UnusableFile } from '../../files/problem.ts'
import { readRegular } from './regularFile.ts'

/** Certificates to trust in addition to the usual ones, as PEM. `fileProblem` explains errors. */
export async function readAuthorities(path: string): Promise<string> {
  const text = (await readRegular(path)).toString('utf8')
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new UnusableFile('it contains no PEM certificate')
  return text
}

/**
 * What NODE_EXTRA_CA_CERTS names, as PEM. Node.js itself warns if the file is of no use, and continues without it
 * (https://nodejs.org/api/cli.html#node_extra_ca_certsfile).
 */
export function extraAuthorities(path: string | undefined): readonly string[] {
  if (!path) return []
  try {
    const pem = readFileSync(path, 'utf8')
    createSecureContext({ ca: pem })
    return [pem]
  } catch {
    return []
  }
}
