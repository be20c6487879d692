export const renewal = {
  type: 'object',
  title: 'Renewal',
  description: 'How the renewals of many deployments are spread over several days.',
  additionalProperties: false,
  properties: {
    spreadDays: {
      type: 'integer',
      title: 'Spread, in days',
      description:
        'Renew the client secret and a generated certificate up to this many days earlier than renewBeforeDays says, never later. How many days is derived from the tenant and the name, so it never changes. Default: 7 if the files hold more than 16 deployments, otherwise 0.',
      minimum: 0,
      maximum: 30,
      examples: [7],
    },
  },
} as const
