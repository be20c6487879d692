/** `1 needs manual action`, `2 need manual action`. */
export const manualCount = (count: number): string => `${count} ${count === 1 ? 'needs' : 'need'} manual action`
