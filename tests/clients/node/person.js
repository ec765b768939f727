// What a test tells a program, and the person whom the program sends to the provider: the test fills in the pages.
import { createInterface } from "node:readline";

export const settings = JSON.parse(process.argv[2]);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function ask(request) {
  process.stdout.write(`${JSON.stringify(request)}\n`);
  return (await lines.next()).value;
}

// Sends the person to an address; returns the one that they come back with.
export async function visit(address, backTo) {
  return new URL(await ask({ visit: String(address), back_to: backTo }));
}

// Shows the person the address that a device shows.
export function show(address) {
  return ask({ show: address });
}

// Tells the test what came of it, and ends.
export function report(findings) {
  process.stdout.write(`${JSON.stringify({ report: findings })}\n`);
  process.exit(0);
}
