/** The number of a deployment, as in its name, tenant or subscription. */
export const numbered = /(?<=fleet-|-4000-8000-00000000)\d{4}/g

/** The number of the deployment from which the answers for all were recorded. */
export const first = '0001'
