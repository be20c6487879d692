/** The part of https://github.com/micromatch/picomatch that is used. */
declare module 'picomatch' {
  export default function picomatch(glob: string, options?: { readonly posix?: boolean }): (text: string) => boolean
}
