import { crowds } from './crowds.ts'

/** A few; `npm run test:long` and `npm run simulate` run many. */
crowds({ rest: 0, of: 1, few: 6 })
