/** The file that is read if none is named. */
export const defaultFile = 'hma.config.yaml'
