/** The file that is read where none is named. */
export const defaultFile = 'hma.config.yaml'
