// autocannon as `bench.load` calls it: an order as JSON on standard input, a result as JSON on standard output.
import { text } from "node:stream/consumers";
import autocannon from "autocannon";

const order = JSON.parse(await text(process.stdin));
const share = Math.ceil(order.tokens.length / order.connections);
let connected = 0;

// Each connection has tokens of its own, so that no token is sent twice before all of them have been sent once.
const giveTokens = (client) => {
  const first = (connected++ * share) % order.tokens.length;
  const tokens = order.tokens.slice(first, first + share);
  client.setRequests(tokens.map((token) => ({ headers: { Authorization: `Bearer ${token}` } })));
};

const before = process.cpuUsage();
const result = await autocannon({
  url: `http://127.0.0.1:${order.port}/products`,
  connections: order.connections,
  duration: order.seconds,
  sampleInt: 250,
  setupClient: giveTokens,
});

const used = process.cpuUsage(before);
console.log(
  JSON.stringify({
    answered: result["2xx"],
    refused: result.non2xx,
    failed: result.errors + result.timeouts,
    seconds: result.duration,
    p99: result.latency.p99,
    processor_seconds: (used.user + used.system) / 1e6,
  }),
);
