import { simulate } from './simulation/seeds.ts'

/** A few of the schedules; `npm run test:long` plays hundreds, `npm run simulate` as many as you like. */
simulate({ rest: 0, of: 1, few: 10 })
