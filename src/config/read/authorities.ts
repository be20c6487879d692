import { UnusableFile } from '../../files/problem.ts'
import { readRegular } from './regularFile.ts'

/** Certificates that are trusted besides the usual ones, as PEM. What goes wrong is told by `fileProblem`. */
export async function readAuthorities(path: string): Promise<string> {
  const text = (await readRegular(path)).toString('utf8')
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new UnusableFile('it holds no certificate as PEM')
  return text
}
