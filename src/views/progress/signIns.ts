import type { View } from '../view.ts'

/** Concurrent sign-ins are shown as one line. */
export function shownSignIns(view: View) {
  const doing = 'Signing in'
  const open: string[] = []
  const tell = (): void => {
    const tenants = [...new Set(open)]
    if (tenants.length === 0) view.idle(doing)
    else view.busy(doing, tenants.length === 1 ? `to tenant ${tenants[0]}` : `to ${tenants.length} tenants`)
  }
  return (tenantId: string): (() => void) => {
    open.push(tenantId)
    tell()
    return () => {
      open.splice(open.indexOf(tenantId), 1)
      tell()
    }
  }
}
