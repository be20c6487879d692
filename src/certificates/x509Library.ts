// The library needs reflect-metadata before it loads. Both together, so that whoever needs neither loads neither.
import 'reflect-metadata'

export * from '@peculiar/x509'
