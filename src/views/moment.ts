/** An ISO instant as people read it, to the minute: `2027-05-27 11:49 UTC`. */
export const moment = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/

export const isMoment = (text: string): boolean => isoInstant.test(text)
