// A SCIM server with Better Auth and its plugin, which keeps users in memory. Run as: node better_auth.mjs PACKAGES PORT

import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [packages, port] = process.argv.slice(2);
const find = createRequire(path.join(packages, "package.json"));
const load = (name) => import(pathToFileURL(find.resolve(name)).href);
const { betterAuth } = await load("better-auth");
const { getAuthTables } = await load("better-auth/db");
const { memoryAdapter } = await load("better-auth/adapters/memory");
const { toNodeHandler } = await load("better-auth/node");
const { scim } = await load("@better-auth/scim");

const tables = {};
const options = {
  baseURL: `http://127.0.0.1:${port}`,
  secret: "thirty-two letters for some tests",
  database: memoryAdapter(tables),
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [scim({ connections: [{ id: "tests", credentials: [{ id: "tests", token: "secret" }] }] })],
};
for (const table of Object.keys(getAuthTables(options))) tables[table] = [];
createServer(toNodeHandler(betterAuth(options))).listen(Number(port), "127.0.0.1");
