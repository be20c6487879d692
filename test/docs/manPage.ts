import type { Argument, Command, Option } from 'commander'

/** Text for roff: https://man7.org/linux/man-pages/man7/groff_char.7.html */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')

const option = ({ flags, description }: Option): string => `.TP\n.B ${roff(flags)}\n${roff(description)}\n`

const argument = (one: Argument): string => (one.required ? `<${one.name()}>` : `[${one.name()}]`)

function command(one: Command, above: string): string {
  const name = `${above} ${one.name()}`
  const signature = [name, ...one.registeredArguments.map(argument)].join(' ')
  const about = one.summary() || one.description()
  const own = one.options.filter(({ hidden }) => !hidden).map(option)
  return `.SS ${roff(signature)}\n${roff(about.charAt(0).toUpperCase() + about.slice(1))}.\n${own.join('')}${subcommands(one, name)}`
}

const subcommands = (one: Command, name: string): string =>
  one.commands
    .filter((each) => each.name() !== 'complete')
    .map((each) => command(each, name))
    .join('')

/** The manual page of hma, made from its command line. */
export const manPage = (root: Command): string => `.TH HMA 1 "" "hma" "User Commands"
.SH NAME
hma \\- connect Dynamics 365 to Exchange Server with Hybrid Modern Authentication
.SH SYNOPSIS
.B hma
.I command
[\\fIoptions\\fR]
.SH DESCRIPTION
${roff('hma compares a YAML file with what Azure, Entra and Dynamics hold, and changes what differs. It keeps no state file and no secrets.')}
.SH OPTIONS
${root.options.map(option).join('')}.SH COMMANDS
${subcommands(root, 'hma')}.SH EXIT STATUS
.TP
.B 0
done, or nothing to do
.TP
.B 1
failed
.TP
.B 2
changes are pending (plan \\-\\-detailed\\-exitcode)
.TP
.B 3
manual action needed
.TP
.B 130
interrupted
.SH FILES
.TP
.B hma.config.yaml
the configuration, in the working directory
.TP
.B .hma/
the data of the sandbox
`
