/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A reference that has no value, as it is written. */
export interface Unresolved {
  readonly reference: string
  /** The variable it names; undefined where it names none. */
  readonly name: string | undefined
  /** It has a value, which this run does not hand out. */
  readonly forbidden?: true
}

export interface Substituted {
  readonly value: string
  readonly unresolved: readonly Unresolved[]
  /** What of the value came from the environment, by variable: it is shown to nobody. */
  readonly variables: Readonly<Record<string, string>>
}

/** `$${`, which is a literal, or what begins like a reference. */
const references = /\$\$\{|\$\{([^}]*)(\}?)/g

/** The text with `${NAME}` replaced. What a variable holds is text and stays so: it is never parsed, nor looked into again. */
export function substitute(text: string, environment: Environment, allows: (name: string) => boolean = () => true): Substituted {
  const unresolved: Unresolved[] = []
  const variables: Record<string, string> = {}
  const value = text.replace(references, (reference: string, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return '${'
    const named = end === '}' && /^[A-Za-z_]\w*$/.test(name)
    const found = named && Object.hasOwn(environment, name) ? environment[name] : undefined
    const forbidden = named && !allows(name)
    if (found && !forbidden) variables[name] = found
    else unresolved.push({ reference, name: named ? name : undefined, ...(forbidden && { forbidden }) })
    return (!forbidden && found) || reference
  })
  return { value, unresolved, variables }
}

/** Variables that hold a secret, by their names: of the Azure SDKs, of build agents, and of whoever names one as it is usual. */
const secretName = /SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIAL|IDENTITY_HEADER|_KEY$/i
const placeName = /_(FILE|PATH|DIR|URL|URI|ENDPOINT|NAME|ID)$/i

/** What of the environment must not be shown, whoever repeats it: the password in a proxy's address too. */
export const secretsIn = (environment: Environment): readonly string[] =>
  Object.entries(environment).flatMap(([name, value = '']) => {
    if (secretName.test(name) && !placeName.test(name)) return [value]
    return /_PROXY$/i.test(name) ? passwordIn(value) : []
  })

const passwordIn = (address: string): readonly string[] => {
  const [, password] = /:([^:@/]+)@/.exec(address.replace(/^\w+:\/\//, '')) ?? []
  return password === undefined ? [] : [password, decoded(password)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
