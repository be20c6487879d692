import forge from 'node-forge'

const made = new Map<string, string>()

/** Base64 of the certificate of a token-signing key. It is always the same for a key, so only the key is stored. */
export function certificateOf(privateKey: string): string {
  const certificate = made.get(privateKey) ?? make(privateKey)
  made.set(privateKey, certificate)
  return certificate
}

function make(pem: string): string {
  const { pki, asn1, md, util } = forge
  const privateKey = pki.privateKeyFromPem(pem)
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.setRsaPublicKey(privateKey.n, privateKey.e)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date(Date.UTC(2020, 0, 1))
  certificate.validity.notAfter = new Date(Date.UTC(2049, 11, 31))
  const name = [{ shortName: 'CN', value: 'accounts.accesscontrol.windows.net' }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.sign(privateKey, md.sha256.create())
  return util.encode64(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes())
}
