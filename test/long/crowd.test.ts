import { crowds } from '../ownership/crowds.ts'

crowds({ rest: 0, of: 1, few: 60 })
