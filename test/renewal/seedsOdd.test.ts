import { simulate } from './simulation/seeds.ts'

simulate({ rest: 1, of: 2 })
