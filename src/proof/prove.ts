import type { Check } from '../core/kind.ts'
import { certificate } from './certificate.ts'
import { chain } from './chain.ts'
import { challenge } from './challenge.ts'
import { evidenceSteps } from './evidence/steps.ts'
import { exchangeBuild } from './exchangeBuild.ts'
import { hmaSignIn } from './hmaSignIn.ts'
import { inbox } from './inbox.ts'
import { keyVaultSignIn } from './keyVaultSignIn.ts'
import { reach } from './reach.ts'
import { servicePrincipalName } from './servicePrincipalName.ts'
import type { Ports, Subject } from './subject.ts'
import { tenants } from './tenants.ts'
import { vaultRead } from './vaultRead.ts'

/** The steps that try a secret, a certificate or a token. */
const signIns = ['keyVaultSignIn', 'vaultRead', 'hmaSignIn', 'inbox']

/**
 * Signs in to Exchange as Dynamics does, step by step, and says where it fails. Reads and sign-ins only.
 *
 * A step waits for those it depends on and is skipped with them, so one run finds every fault
 * not hidden behind another.
 */
export function prove(subject: Subject, ports: Ports): Promise<readonly Check[]> {
  const links = chain(subject.clockOff)
  const { step, checks } = links
  const reached = step('tls', () => reach(subject, ports))
  const challenged = step('challenge', () => challenge(subject, reached))
  const known = step('tenant', () => tenants(subject, ports))
  const keyVaultApp = step('keyVaultSignIn', () => keyVaultSignIn(subject, ports, known))
  const served = step('vaultRead', () => vaultRead(subject, ports, keyVaultApp))
  const trusted = step('certificate', () => certificate(subject, ports, known, served))
  const token = step('hmaSignIn', () => hmaSignIn(subject, ports, trusted))
  step('servicePrincipalName', () => servicePrincipalName(subject, ports, known))
  const opened = step('inbox', () => inbox(subject, ports, challenged, token))
  step('exchangeBuild', () => exchangeBuild(subject, opened))
  evidenceSteps(links, subject, { reached, challenged, opened })
  return checks(signIns)
}
