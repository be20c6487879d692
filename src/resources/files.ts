/** Text files on this machine, in UTF-8. Relative paths start from the folder in which hma was called. */
export interface Files {
  /** Undefined where there is none. */
  read(path: string): Promise<string | undefined>
  /** Writes the whole file or nothing; missing folders are created. */
  write(path: string, text: string): Promise<void>
  /** Removing what is not there is not an error. */
  remove(path: string): Promise<void>
}
