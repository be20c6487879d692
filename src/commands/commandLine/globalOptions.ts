import { type Command as Commander, InvalidArgumentError, Option } from 'commander'
import { readShard, type Shard } from '../../config/shard.ts'
import { HmaError } from '../../core/errors.ts'
import { limits } from '../../core/limits.ts'
import type { Options } from '../../session/session.ts'
import { duration } from '../duration.ts'

/** Options of every command. */
export function addGlobalOptions(root: Commander): void {
  root
    .option('-f, --file <path>', 'configuration: a file, a folder or a glob; repeatable (default: hma.config.yaml)', collect)
    .option('--only <name>', 'only these deployments, by name or glob; repeatable', collect)
    .addOption(
      new Option('--shard <index/count>', 'only this shard of the deployments, counted from 0: 0/4, 1/4, 2/4, 3/4').argParser(
        shard,
      ),
    )
    .option('--sandbox', 'work on a local Azure instead of the real one')
    .option('--json', 'print results as JSON')
    .option('--no-color', 'print without colors, like the variable NO_COLOR')
    .option('-q, --quiet', 'print only results and errors')
    .option('-v, --verbose', 'trace every request on stderr, secrets masked')
    .option('--log <file>', 'append the trace and all messages to a file, masked')
    .option('--env-file <file>', 'set variables from this file; repeatable; variables already set stay', collect)
    .addOption(
      new Option('--concurrency <number>', 'deployments that write at the same time')
        .default(16)
        .argParser(whole('number', 1, 64)),
    )
    .addOption(
      new Option('--deadline <duration>', 'stop working on a deployment after this time (default: 60m)').argParser(deadline),
    )
}

function deadline(text: string): number {
  try {
    return duration(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof HmaError ? `${error.message}. ${error.hint ?? ''}` : String(error))
  }
}

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export const whole =
  (what: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`The ${what} is a whole number from ${least} to ${most}.`)
  }

function shard(text: string): Shard {
  const part = readShard(text)
  if (part) return part
  throw new InvalidArgumentError('A shard is its index and the number of shards: 0/4 to 3/4.')
}

/** The options as given, wherever they were on the line. */
export function options(command: Commander): Options {
  const given: Partial<Options> & Pick<Options, 'color' | 'concurrency'> = command.optsWithGlobals()
  const { file = [], only = [], sandbox = false, json = false, quiet = false, verbose = false, yes = false } = given
  const { color, concurrency, shard, deadline = limits.run, envFile = [], log } = given
  return {
    file,
    only,
    shard,
    sandbox,
    json,
    quiet,
    verbose,
    yes,
    color,
    concurrency,
    deadline,
    envFile,
    ...(log !== undefined && { log }),
  }
}
