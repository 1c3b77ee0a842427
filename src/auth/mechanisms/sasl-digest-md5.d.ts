/** The part of sasl-digest-md5 0.1.0 that is used here; the package has no types of its own. */
declare module 'sasl-digest-md5' {
  interface Credentials {
    readonly username: string
    readonly password: string
    readonly host: string
    readonly serviceType: string
    readonly realm?: string
  }
  class Mechanism {
    constructor(options?: { genNonce?: () => string })
    challenge(text: string): this
    response(credentials: Credentials): string
  }
  export = Mechanism
}
