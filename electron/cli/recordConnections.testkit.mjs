// Loaded before a program (node --import): notes every connection that the process tries to make over a network, one JSON
// document a line, in the file that RECORD_CONNECTIONS names, and lets it be made.
import { Socket as UdpSocket } from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'

const note = (what) => appendFileSync(process.env.RECORD_CONNECTIONS, `${JSON.stringify(what)}\n`)

const { connect } = Socket.prototype
Socket.prototype.connect = function (...given) {
  // As net.connect hands them on, or as a person writes them.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given
  const {
    host = 'localhost',
    port,
    path,
  } = typeof first === 'object' && first !== null
    ? first
    : Number(first) > 0
      ? { port: first, host: second }
      : { path: first }
  if (path === undefined || path === null) note({ host, port: Number(port) })
  return connect.apply(this, given)
}
const { send } = UdpSocket.prototype
UdpSocket.prototype.send = function (...given) {
  note({ udp: given.filter((one) => typeof one === 'string' || typeof one === 'number') })
  return send.apply(this, given)
}
const { lookup } = dns
dns.lookup = (host, ...rest) => {
  note({ lookup: host })
  return lookup(host, ...rest)
}
syncBuiltinESMExports()
