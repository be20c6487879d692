/** Text files on this machine, in UTF-8. A path that is not absolute starts from the folder in which hma was called. */
export interface Files {
  /** Undefined where there is none. */
  read(path: string): Promise<string | undefined>
  /** The whole file or nothing of it; missing folders are made. */
  write(path: string, text: string): Promise<void>
  /** Removing what is not there is not an error. */
  remove(path: string): Promise<void>
}
