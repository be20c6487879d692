import { simulate } from '../renewal/simulation/seeds.ts'

simulate({ rest: 1, of: 2 })
