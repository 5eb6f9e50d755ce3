const head = (name: string, description: string): string =>
  `version: "1.0"\nname: ${name}\ndescription: ${description}\nswarm: { pattern: dag }\nagents: []\n`

/** The workflow files of the practice runs. */
export const demoWorkflows: Readonly<Record<'succeeds' | 'fails' | 'long', string>> = {
  succeeds: `${head('nightly-import', 'Fetches, checks and loads; takes about half a minute')}workflows:
  - name: nightly-import
    steps:
      - name: fetch
        type: deterministic
        command: for n in 1 2 3 4 5; do echo "fetched page $n of 5"; sleep 1; done
      - name: validate
        type: deterministic
        dependsOn: [fetch]
        command: sleep 4; echo "412 rows are valid"
      - name: enrich
        type: deterministic
        dependsOn: [fetch]
        command: sleep 7; echo "exchange rates added"
      - name: load
        type: deterministic
        dependsOn: [validate, enrich]
        command: 'sleep 6; printf "%s\\n" {{steps.validate.output}} "loaded"'
        verification: { type: output_contains, value: loaded }
      - name: report
        type: deterministic
        dependsOn: [load]
        command: sleep 3; echo "report sent"
`,
  fails: `${head('sync-tickets', 'Fails until it is resumed')}errorHandling: { strategy: retry, maxRetries: 2, retryDelayMs: 2000 }
workflows:
  - name: sync-tickets
    steps:
      - name: collect
        type: deterministic
        command: sleep 2; echo "31 tickets collected"
      - name: push
        type: deterministic
        dependsOn: [collect]
        command: |
          sleep 2
          if test "$(find . -maxdepth 1 -name '.sync-tickets-tried-*' | wc -l)" -lt 3; then
            touch ".sync-tickets-tried-$(date +%s)-$$"
            echo "connect ECONNREFUSED 127.0.0.1:5432" >&2
            exit 1
          fi
          rm -f .sync-tickets-tried-*
          echo "31 tickets pushed"
      - name: notify
        type: deterministic
        dependsOn: [push]
        command: sleep 1; echo "team notified"
`,
  long: `${head('export-ledger', 'Runs for ten minutes, to be cancelled')}errorHandling: { strategy: fail-fast }
workflows:
  - name: export-ledger
    steps:
      - name: lock-period
        type: deterministic
        command: sleep 1; echo "period 2026-10 locked"
      - name: export
        type: deterministic
        dependsOn: [lock-period]
        command: n=0; while test $n -lt 300; do n=$((n+1)); echo "ledger page $n of 300"; sleep 2; done
      - name: unlock-period
        type: deterministic
        dependsOn: [export]
        command: echo "period unlocked"
`,
}

const issue = (title: string, priority: number): string =>
  `${JSON.stringify({ title, state: 'open', priority }, null, 2)}\n`

/** What the practice server holds at first, by path. */
export const demoFiles: Readonly<Record<string, string>> = {
  '/docs/welcome.md': '# Tickets\n\nEdit a file here: the practice daemon sends it to the practice server.\n',
  '/linear/issues/PAY-12__refund-is-sent-twice.json': issue('Refund is sent twice', 3),
  '/linear/issues/PAY-17__rotate-api-keys.json': issue('Rotate API keys', 2),
  '/linear/issues/PAY-21__export-takes-an-hour.json': issue('Export takes an hour', 3),
}
