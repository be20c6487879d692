import { UnusableFile } from '../../files/problem.ts'
import { readRegular } from './regularFile.ts'

/** Certificates to trust in addition to the usual ones, as PEM. `fileProblem` explains errors. */
export async function readAuthorities(path: string): Promise<string> {
  const text = (await readRegular(path)).toString('utf8')
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new UnusableFile('it contains no PEM certificate')
  return text
}
