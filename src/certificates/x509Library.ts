// The library needs reflect-metadata loaded first. Both are loaded here, and only on demand.
import 'reflect-metadata'

export * from '@peculiar/x509'
