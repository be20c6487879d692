import { didYouMean } from '../config/suggest.ts'
import { HmaError } from '../core/errors.ts'
import { type ActualState, SurveyFailed, survey } from '../core/survey.ts'
import { surveyContext } from '../deployment/surveyContext.ts'
import type { Target } from '../session/deployment.ts'
import type { Session } from '../session/session.ts'
import { terraformText } from '../views/terraformText.ts'
import type { Outputs } from '../views/view.ts'
import { exit } from './exitCode.ts'
import { eachTarget } from './fleet/eachTarget.ts'

export interface OutputArguments {
  /** Print only this value. */
  readonly name?: string
  /** Show the client secret itself, if the vault keeps it. */
  readonly reveal: boolean
}

/** `hma output --terraform`: `import` blocks of what exists, for going back to Terraform. */
export const terraform = (session: Session): Promise<number> =>
  readAll(
    session,
    async (target) => target.terraform(await seen(session, target)),
    (found) => session.view.result(found, terraformText(found)),
  )

/** `hma output`: the values that the form of the email server profile in Dynamics 365 asks for. */
export const output = (session: Session, { name, reveal }: OutputArguments): Promise<number> =>
  readAll(
    session,
    async (target) => only(await outputs(session, target, reveal && (name ?? secretField) === secretField), name),
    (found) => session.view.outputs(found, name),
  )

type ByName<Value> = Readonly<Record<string, Value>>

/** The outputs of each deployment. One that cannot be read is reported and does not stop the others. */
async function readAll<Value>(
  session: Session,
  tell: (target: Target) => Promise<Value>,
  show: (found: ByName<Value>) => void,
): Promise<number> {
  let failed = 0
  const read = async (target: Target): Promise<readonly [string, Value] | undefined> => {
    try {
      return [target.name, await tell(target)]
    } catch (error) {
      session.signal.throwIfAborted()
      session.view.error(error instanceof SurveyFailed ? error : new SurveyFailed([{ address: target.name, error }]))
      failed++
      return undefined
    }
  }
  const found = await eachTarget(session, 'Reading', read)
  const readable = found.filter((one) => one !== undefined)
  if (readable.length > 0) show(Object.fromEntries(readable))
  return failed + session.unusable > 0 ? exit.failed : exit.done
}

const secretField = 'keyVaultClientSecret'

const seen = (session: Session, target: Target): Promise<ActualState> =>
  survey(target.nodes, target.kinds, surveyContext(target.name, session))

async function outputs(session: Session, target: Target, reveal: boolean): Promise<Outputs> {
  const values = target.outputs(await seen(session, target))
  if (!reveal) return values
  const secret = await target.secret()
  if (secret) return { ...values, [secretField]: secret.disclose() }
  throw new HmaError('HMA126', 'The client secret is not kept in the vault, so it cannot be shown', {
    hint: 'Set keyVaultApp.clientSecret.vaultSecretName in the configuration and run `hma apply`; or omit --reveal.',
  })
}

function only(values: Outputs, name: string | undefined): Outputs {
  if (name === undefined) return values
  const value = values[name]
  if (value !== undefined && Object.hasOwn(values, name)) return { [name]: value }
  throw new HmaError('HMA111', `Unknown output "${name}"`, {
    hint: `${didYouMean([name], Object.keys(values))}The outputs are ${Object.keys(values).join(', ')}.`,
  })
}
