// A SCIM server with SCIMMY and its Express routers, which keeps users in memory. Run as: node scimmy.mjs PACKAGES PORT

import { createRequire } from "node:module";
import path from "node:path";

const [packages, port] = process.argv.slice(2);
const load = createRequire(path.join(packages, "package.json"));
const express = load("express");
const scimmy = load("scimmy");
const routers = load("scimmy-routers");
const SCIMMY = scimmy.default ?? scimmy;
const Routers = routers.default ?? routers;

const users = new Map();

function write(resource, data) {
  const user = structuredClone(JSON.parse(JSON.stringify(data)));
  const name = user.userName.toLowerCase();
  for (const other of users.values()) {
    if (other.id !== resource.id && other.userName.toLowerCase() === name) throw new SCIMMY.Types.Error(409, "uniqueness", "userName is taken");
  }
  user.id = resource.id ?? String(users.size + 1);
  users.set(user.id, user);
  return user;
}

function read(resource) {
  if (!resource.id) return resource.filter ? resource.filter.match([...users.values()]) : [...users.values()];
  if (!users.has(resource.id)) throw new SCIMMY.Types.Error(404, null, "there is no such user");
  return users.get(resource.id);
}

SCIMMY.Resources.declare(SCIMMY.Resources.User, { egress: read, ingress: write, degress: (resource) => users.delete(resource.id) });

const authenticate = (request) => {
  if (request.headers.authorization !== "Bearer secret") throw new Error("wrong token");
  return "tester";
};
express().use("/scim/v2", new Routers({ type: "bearer", handler: authenticate })).listen(Number(port), "127.0.0.1");
