// Follows the records from Node and says when some were lost.
//
//     npm install zeromq
//     node examples/subscriber.mjs ipc:///run/newsmq/pub.sock [prefix]
//
// A message is [topic] [header] [record]. The header's `prev` is the seq before it of the same topic: when it is not
// the last one seen, something is missing. Heartbeats tell the newest seq of each topic, so that a loss at the end
// shows too. How to get it back by replay: examples/subscriber.c.
import { Subscriber } from "zeromq"

const [endpoint, prefix = "record/"] = process.argv.slice(2)
if (!endpoint) {
  console.error("usage: node subscriber.mjs ENDPOINT [PREFIX]")
  process.exit(64)
}
const socket = new Subscriber()
socket.connect(endpoint)
socket.subscribe(prefix, "sys/heartbeat/")

const last = new Map() // topic → seq
let epoch = null
for await (const [topic, header, body] of socket) {
  const { seq, prev, epoch: now } = JSON.parse(header)
  const name = topic.toString()
  if (epoch !== null && now !== undefined && now !== epoch) last.clear() // the hub's store is a new one
  epoch = now ?? epoch
  if (name === "sys/heartbeat/") {
    for (const [t, head] of Object.entries(JSON.parse(body).topics)) {
      if (last.has(t) && head > last.get(t)) {
        console.error(`lost: ${t} after ${last.get(t)} up to ${head}`)
        last.set(t, head)
      }
    }
    continue
  }
  if (last.has(name) && prev > last.get(name)) console.error(`lost: ${name} after ${last.get(name)} up to ${prev}`)
  last.set(name, seq)
  const record = JSON.parse(body)
  const people = record.nlp.entities?.filter((e) => e.type === "PER").map((e) => e.name) ?? []
  console.log([seq, record.feed.id, record.title, people.join(", ")].join("\t"))
}
