import type { Clients } from '../azure/clients.ts'
import type { Foreign } from '../config/read/reader.ts'
import type { Configuration } from '../config/schema.ts'
import type { HmaError } from '../core/errors.ts'
import { closure } from '../core/graph.ts'
import type { Address, Check, Kinds, Node } from '../core/kind.ts'
import type { DeploymentPlan } from '../core/planFile.ts'
import type { Remark } from '../core/remark.ts'
import type { Secret } from '../core/secret.ts'
import { type ActualState, SurveyFailed, survey } from '../core/survey.ts'
import type { Where } from '../core/where.ts'
import { type CertificateFile, obstacleOf, readCertificateFile } from '../deployment/certificateFile.ts'
import { clockOff } from '../deployment/clock.ts'
import { desired } from '../deployment/desired.ts'
import { planWithoutForeign } from '../deployment/foreignValues.ts'
import { allLimits, type Limits, unlimited } from '../deployment/limits.ts'
import type { Places } from '../deployment/node.ts'
import { outputs } from '../deployment/outputs.ts'
import { scopeOf } from '../deployment/scope.ts'
import { textAt } from '../deployment/seen.ts'
import type { Moment } from '../deployment/status/expiry.ts'
import type { Observed } from '../deployment/status/problems.ts'
import { status } from '../deployment/status/status.ts'
import { subject } from '../deployment/subject.ts'
import { surveyContext } from '../deployment/surveyContext.ts'
import { type ImportBlock, importBlocks } from '../deployment/terraform.ts'
import { textFiles } from '../deployment/textFiles.ts'
import { whereOf } from '../deployment/where.ts'
import { prove as proveChain } from '../proof/prove.ts'
import type { Delivered } from '../proof/subject.ts'
import type { Files } from '../resources/files.ts'
import { createKinds } from '../resources/index.ts'
import type { DeploymentStanding } from '../views/status/model.ts'
import type { Outputs } from '../views/view.ts'
import type { Connected } from './connections.ts'
import { evidenceOf, evidenceRemarks } from './evidence.ts'
import { placesOf } from './places.ts'

/** One deployment, ready to be surveyed. */
export interface Target {
  readonly name: string
  readonly nodes: readonly Node[]
  /** The kinds, with clients that sign in as this deployment says. Created on first use, and again after a rest. */
  readonly kinds: Kinds
  readonly preventRemoval: boolean
  readonly where: Where
  /** The address of the certificate signing request, if the user's CA signs. */
  readonly request?: Address
  /** What its configuration does that a user may want to limit. */
  readonly remarks: readonly Remark[]
  /** Why only a removal can be planned: a file that the configuration names is unusable, at this instant if given. */
  obstacle(now?: Date): HmaError | undefined
  /** A plan of it with its scope and without values from the environment. */
  shown(plan: DeploymentPlan): DeploymentPlan
  /** Its outputs for `hma output`, from what the survey saw. */
  outputs(actual: ActualState): Outputs
  /** What Terraform would import of it. */
  terraform(actual: ActualState): readonly ImportBlock[]
  /** Its status, from what could be read. */
  status(seen: Observed, moment: Moment): DeploymentStanding
  /** The client secret's value, if the vault keeps it. */
  secret(): Promise<Secret | undefined>
  /** Signs in to Exchange as Dynamics does, step by step. */
  prove(): Promise<readonly Check[]>
  /** What a script saw on Exchange itself, if the configuration names its evidence. */
  evidence(): Promise<readonly Remark[]>
  /** Closes its connections, but stays signed in and keeps what it read for the whole run: it is needed again soon. */
  disconnect(): Promise<void>
  /** Releases all that, too, until it is needed again. */
  rest(): Promise<void>
}

/** Where and when a deployment is read. */
interface Seen {
  readonly foreign?: readonly Foreign[]
  /** The limits set where hma runs. */
  readonly limited?: Limits
  readonly directory: string
  readonly sandbox: boolean
  readonly signal: AbortSignal
  /** Where scripts are written, if not to the machine. */
  readonly files?: Files
  /** The content of the certificate file, if it is not read from the machine. */
  readonly file?: CertificateFile | undefined
  now(): Date
  /** How far the machine's clock is ahead of the services', in milliseconds. Left out if they share one. */
  skew?(): number
}

/** One deployment with its clients. */
export async function makeTarget(
  configuration: Configuration,
  connected: Pick<Connected, 'clients' | 'disconnect' | 'rest'>,
  seen: Seen,
): Promise<Target> {
  const { name, certificate, safety, keyVaultApp } = configuration
  const places = placesOf(configuration, seen.directory)
  const { keyVaultUri } = places
  const { vaultSecretName } = keyVaultApp.clientSecret
  const file = 'file' in seen ? seen.file : await readCertificateFile(certificate, { directory: seen.directory })
  const nodes = desired(configuration, places, file)
  const prove = () => proven(configuration, places, connected.clients, { ...seen, nodes, kinds: opened() })
  let kinds: Kinds | undefined
  const opened = (): Kinds =>
    (kinds ??= createKinds({ ...connected.clients, files: seen.files ?? textFiles(seen.directory), prove }))
  const { foreign = [], limited = allLimits } = seen
  const where = whereOf(configuration, seen.sandbox)
  const scope = scopeOf(configuration, { foreign, directory: seen.directory })
  return {
    name,
    nodes,
    remarks: unlimited(configuration, foreign, limited),
    shown: (plan) => ({ ...planWithoutForeign({ ...plan, where }, foreign), scope }),
    where,
    get kinds() {
      return opened()
    },
    preventRemoval: safety.preventRemoval,
    obstacle: (now) => obstacleOf(file, now),
    ...(certificate.source === 'csr' && { request: `${name}/certificateRequest` }),
    outputs: (actual) => outputs(configuration, places, actual),
    terraform: (actual) => importBlocks(configuration, places, actual),
    status: (sighted, moment) => status(configuration, sighted, moment),
    secret: async () =>
      vaultSecretName === undefined ? undefined : connected.clients.keyVault.secretValue(keyVaultUri, vaultSecretName),
    prove,
    evidence: () => evidenceRemarks(configuration, places, { directory: seen.directory, now: seen.now() }),
    disconnect: connected.disconnect,
    rest() {
      kinds = undefined
      return connected.rest()
    },
  }
}

type Proving = Seen & Pick<Target, 'nodes' | 'kinds'>

const proven = (configuration: Configuration, places: Places, clients: Clients, proving: Proving): Promise<readonly Check[]> =>
  proveChain(
    {
      ...subject(configuration, places, proving.now()),
      ...evidenceOf(configuration, proving.directory),
      clockOff: () => clockOff(proving.skew?.() ?? 0),
      delivered: () => delivered(configuration.name, proving),
    },
    clients,
  )

/** Which secret Dynamics holds and as which application it signs in, if visible. */
async function delivered(owner: string, { nodes, kinds, ...seen }: Proving): Promise<Delivered> {
  const address = `${owner}/clientSecret`
  try {
    const actual = await survey(closure(nodes, address), kinds, surveyContext(owner, seen))
    const live = actual.get(address)
    const [keyId, applicationId] = [textAt(live, 'dynamics'), textAt(live, 'identity', 'applicationId')]
    return { ...(keyId !== undefined && { keyId }), ...(applicationId !== undefined && { applicationId }) }
  } catch (error) {
    throw error instanceof SurveyFailed ? (error.failures[0]?.error ?? error) : error
  }
}
