/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A reference without a value, as written. */
export interface Unresolved {
  readonly reference: string
  /** The variable it names; undefined if none. */
  readonly name: string | undefined
  /** It has a value that this run does not allow. */
  readonly forbidden?: true
}

export interface Substituted {
  readonly value: string
  readonly unresolved: readonly Unresolved[]
  /** The parts that came from the environment, by variable: never shown. */
  readonly variables: Readonly<Record<string, string>>
}

/** `$${`, which is a literal, or the start of a reference. */
const references = /\$\$\{|\$\{([^}]*)(\}?)/g

/** The text with `${NAME}` replaced. A variable's value stays plain text: it is neither parsed nor expanded again. */
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

/** Variables that hold secrets, by name: those of the Azure SDKs and build agents, and anything with a usual name for a secret. */
const secretName = /SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIAL|IDENTITY_HEADER|_KEY$/i
const placeName = /_(FILE|PATH|DIR|URL|URI|ENDPOINT|NAME|ID)$/i

/** Values of the environment that must never be shown, including the password in a proxy's address. */
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
