import { simulate } from '../renewal/simulation/seeds.ts'

/** Two files, since each has a worker of its own. */
simulate({ rest: 0, of: 2 })
