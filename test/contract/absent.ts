/**
 * What the descriptions refer to but do not contain, from Microsoft's public pages: the key of a certificate
 * (https://learn.microsoft.com/rest/api/keyvault/certificates/create-certificate/create-certificate#keyproperties).
 */
export const absent: Readonly<Record<string, unknown>> = {
  'keyvault/data-plane/7.5/keys.json': {
    definitions: {
      KeyProperties: {
        properties: {
          exportable: { type: 'boolean' },
          kty: { type: 'string', enum: ['EC', 'EC-HSM', 'RSA', 'RSA-HSM', 'oct', 'oct-HSM'] },
          key_size: { type: 'integer' },
          reuse_key: { type: 'boolean' },
          crv: { type: 'string', enum: ['P-256', 'P-384', 'P-521', 'P-256K'] },
        },
      },
    },
  },
}
