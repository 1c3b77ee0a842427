/** tls_prune: there is nothing to prune, for TLS sessions live in the tickets that clients keep. */

/** The exit status. */
export function tlsPrune({ out }: { readonly out: (line: string) => void }): number {
  out('tls_prune: nothing to do: TLS sessions are kept by the clients, in tickets, and no database of them exists here')
  return 0
}
