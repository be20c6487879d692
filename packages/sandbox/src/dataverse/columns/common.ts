import { columns } from './column.ts'

/** Columns of every table owned by users or teams. */
export const commonColumns = columns(`
  createdby lookup:systemuser -R-
  createdon date -R-
  createdonbehalfby lookup:systemuser -R-
  modifiedby lookup:systemuser -R-
  modifiedon date -R-
  modifiedonbehalfby lookup:systemuser -R-
  ownerid owner system
  owneridtype virtual system
  owneridname virtual -R- system
  owneridyominame virtual -R- system
  owningbusinessunit lookup:businessunit -R-
  owningteam lookup:team -R-
  owninguser lookup:systemuser -R-
  timezoneruleversionnumber int:-1..2147483647
  utcconversiontimezonecode int:-1..2147483647
  versionnumber bigint -R-
`)

/** Columns of every table whose rows can be part of solutions. */
export const solutionColumns = columns(`
  componentidunique guid -R- system
  componentstate choice:componentstate -R- system =0
  importsequencenumber int
  iscustomizable virtual system
  ismanaged bool -R- system =false
  overriddencreatedon date
  overwritetime date -R- system
  solutionid guid -R- system
  supportingsolutionid guid ---
`)
