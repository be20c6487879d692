export const root: string
export function bundle(output?: object): Promise<string[]>
