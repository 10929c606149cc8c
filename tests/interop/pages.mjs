// Opens every page of members in Chromium, as they do: from the mail, by forms, in two browsers, light and dark, on a phone and on a desk.
// Argument: a JSON object with the folder of the packages, where the server is, and what to run. Prints what it found as JSON.
import { execFileSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const given = JSON.parse(process.argv[2]);
const require = createRequire(`${given.packages}/package.json`);
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const password = "tram lens moss 8 \u{1F33F} kelp dune wick 5 - tram lens moss 8 kelp dune wick";
const second = "kelp dune wick 5 and others";

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-US"],
  protocolTimeout: 300000,
});
const found = { violations: [], pages: [], paths: [], requests: [], policy: [], cookies: [] };
const wrong = (text) => found.violations.push(text);
const expect = (is, text) => { if (!is) wrong(text); };

async function open(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(120000);
  page.on("request", (request) => { if (!request.url().startsWith(given.base) && !request.url().startsWith(given.laptop) && !request.url().startsWith("about:")) found.requests.push(request.url()); });
  page.on("request", (request) => { if (request.method() === "POST") found.paths.push(`POST ${new URL(request.url()).pathname}`); });
  page.on("pageerror", (error) => found.policy.push(String(error)));
  page.on("console", (message) => { if (/Content Security Policy|Refused to/.test(message.text())) found.policy.push(message.text()); });
  return page;
}

let page = await open(browser.defaultBrowserContext());
let status = 0;

// Looks at the page that is open: each width and color, then what no color changes.
async function check(name) {
  found.pages.push(name);
  found.paths.push(`GET ${new URL(page.url()).pathname}`);
  for (const [width, scheme] of [[360, "light"], [360, "dark"], [1280, "light"], [1280, "dark"]]) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.evaluate(axe);
    const result = await page.evaluate(`axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(tags)} }, rules: { "target-size": { enabled: true } } })`);
    for (const [kind, list] of [["", result.violations], ["unsure: ", result.incomplete]]) {
      for (const one of list) {
        wrong(`${name} ${width} ${scheme}: ${kind}${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join("; ")}`);
      }
    }
    await page.screenshot({ path: `${given.pictures}/${name}-${width}-${scheme}.png`, fullPage: true });
  }
  await page.setViewport({ width: 320, height: 700 });
  const narrow = await page.evaluate(() => {
    const hits = [...document.querySelectorAll("a, button, input")].filter((element) => element.offsetParent !== null && element.type !== "hidden" && !element.matches(".for-managers, .skip"));
    return {
      over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: hits.filter((element) => { const { width, height } = element.getBoundingClientRect(); return width < 24 || height < 24; }).map((element) => element.outerHTML),
      scripts: document.querySelectorAll("script, [style], [onclick], [onsubmit]").length,
      cut: document.querySelectorAll("input[maxlength]").length,
      spread: [...document.querySelectorAll("input")].filter((input) => input.inputMode === "numeric" && input.autocomplete !== "one-time-code").length,
      headings: document.querySelectorAll("h1").length,
    };
  });
  expect(narrow.over <= 0, `${name}: ${narrow.over} pixels wider than a window of 320`);
  expect(narrow.small.length === 0, `${name}: too small to be hit: ${narrow.small.join(" ")}`);
  expect(narrow.scripts === 0 && narrow.cut === 0 && narrow.spread === 0 && narrow.headings === 1, `${name}: ${JSON.stringify(narrow)}`);
}

// An error is named in the title and in a summary that has the focus; its links lead to the fields; secrets are not sent back.
async function checkError(name, kept = {}) {
  await page.waitForFunction(() => document.activeElement?.classList.contains("faults"), { timeout: 20000 }).catch(() => {});
  const summary = await page.evaluate(() => ({
    title: document.title,
    focused: document.activeElement?.classList.contains("faults"),
    links: [...document.querySelectorAll(".faults a")].map((link) => link.getAttribute("href")),
    secrets: [...document.querySelectorAll("input[type=password], input[inputmode=numeric]")].filter((input) => input.value !== "").length,
  }));
  expect(summary.title.startsWith("Error: "), `${name}: the title is ${summary.title}`);
  expect(summary.focused, `${name}: the summary has no focus`);
  expect(summary.links.length > 0 && summary.secrets === 0, `${name}: ${JSON.stringify(summary)}`);
  for (const link of summary.links) {
    const target = await page.evaluate((to) => document.querySelector(to)?.tagName, link);
    expect(target === "INPUT", `${name}: ${link} leads to ${target}`);
    await page.click(`.faults a[href="${link}"]`);
    expect(await page.evaluate((to) => document.activeElement === document.querySelector(to), link), `${name}: ${link} does not focus its field`);
  }
  for (const [field, value] of Object.entries(kept)) {
    const now = await page.$eval(`#${field}`, (input) => input.value);
    expect(now === value, `${name}: ${field} is ${now}`);
  }
  await check(name);
}

async function leads(act) {
  const [answer] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), act()]);
  status = answer?.status() ?? 0;
}
const go = (path) => leads(() => page.goto(path.startsWith("http") ? path : given.base + path, { waitUntil: "load" }));
const send = () => leads(() => page.click("main form button"));
const link = (text) => leads(async () => { await (await page.$(`::-p-xpath(//a[normalize-space()="${text}"])`)).click(); });
const button = (text) => leads(async () => { await (await page.$(`::-p-xpath(//button[starts-with(normalize-space(), "${text}")])`)).click(); });
const heading = () => page.$eval("h1", (element) => element.textContent);
async function isAt(wanted, code = 200) {
  const now = await heading();
  expect(now === wanted && status === code, `"${now}" (${status}) in place of "${wanted}" (${code}) at ${page.url()}: ${(await page.$eval("main", (m) => m.innerText)).slice(0, 300)}`);
}
// As a paste: the whole text at once.
async function fill(field, text) {
  await page.$eval(`#${field}`, (input) => { input.focus(); input.select(); });
  await page.keyboard.sendCharacter(text);
}

async function take(kind, is) {
  for (let tries = 0; tries < 600; tries += 1) {
    for (const name of readdirSync(given.messages).filter((name) => name.startsWith(kind) && name.endsWith(".json")).sort()) {
      const path = `${given.messages}/${name}`;
      const message = JSON.parse(readFileSync(path, "utf8"));
      if (is(message)) { unlinkSync(path); return message; }
    }
    await wait(100);
  }
  throw new Error(`no ${kind} arrives: ${is}`);
}
async function linkOf(to, subject) {
  const mail = await take("mail", (message) => message.to[0] === to && message.subject.startsWith(subject));
  return mail.text.split("\n").find((line) => line.startsWith("http")).trim();
}
const codeOf = async (to) => (await take("text", (message) => message.to === to)).text.slice(0, 6);

function shown(key, steps = 0) {
  const bits = [...key.replaceAll(" ", "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const mac = createHmac("sha1", bytes).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}
const factOf = (name) => page.evaluate((wanted) => [...document.querySelectorAll("dl div")].find((one) => one.querySelector("dt").textContent === wanted)?.querySelector("dd").textContent, name);

const apply = (name) => execFileSync(given.program, ["apply", `${given.rosters}/${name}`, "--yes"], { env: { ...process.env, ...given.environments[name] } });
function hash() {
  const all = createHash("sha256");
  for (const end of ["", "-wal"]) if (existsSync(given.database + end)) all.update(readFileSync(given.database + end));
  return all.digest("hex");
}
async function quiet() {
  for (let before = ""; before !== hash(); await wait(1500)) before = hash();
  return hash();
}
// Programs that open links in mail use none up.
async function scan(name, address) {
  const before = await quiet();
  for (let round = 0; round < 3; round += 1) {
    const scanner = await open(await browser.createBrowserContext());
    await scanner.setUserAgent(`Scanner ${round}`);
    await scanner.goto(address, { waitUntil: "networkidle0" });
    await fetch(address, { method: "HEAD" });
    await scanner.browserContext().close();
  }
  expect(hash() === before, `${name}: opening the link has written something`);
}
async function signIn(address, words) {
  await go("/glow/sign-in");
  await fill("email", address);
  await fill("password", words);
  await send();
}

const noa = "noa@glow.example";
let recovery = [];
async function recover(at) {
  await link("Use a recovery code");
  await fill("code", recovery[at]);
  await send();
}

async function visit() {
// The invitation: link, code, password.
const invitation = await linkOf(noa, "You are invited to glow");
await scan("join", invitation);
await go(invitation);
await isAt("Join glow");
await check("join");
await send();
await check("join-code");
const code = await codeOf("+16025550177");
await fill("code", "000 000");
await send();
await checkError("join-code-wrong");
await fill("code", ` ${code.slice(0, 3)}-${code.slice(3)}\n`);
await send();
await check("join-password");
await fill("new-password", "short");
await send();
await checkError("join-password-short");
await fill("new-password", password);
await send();
await isAt("Welcome, Noa Reed");
await check("home");
found.cookies = (await page.createCDPSession().then((session) => session.send("Network.getAllCookies"))).cookies
  .map(({ name, secure, httpOnly, sameSite, path }) => ({ name, secure, httpOnly, sameSite, path }));

// Out, and not in again by going back.
await button("Sign out");
await isAt("You are signed out of glow");
await check("signed-out");
for (const step of ["goBack", "goForward", "goBack"]) {
  await page[step]({ waitUntil: "load" });
  const text = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify(sessionStorage) + JSON.stringify(localStorage));
  expect(!text.includes("Noa") && !text.includes(noa), `${step} shows the member after signing out: ${text}`);
}
await go("/glow/profile");
await isAt("Sign in");
await check("sign-in");
await fill("email", noa);
await fill("password", "not the password at all");
await send();
await checkError("sign-in-wrong", { email: noa });
await fill("password", password);
await send();
await isAt("Your profile");

// Second factor.
// Anybody with a link can ask for a new one; the answer is the same for every link.
const former = page;
page = await open(await browser.createBrowserContext());
await go(invitation);
await leads(() => page.evaluate((action) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  document.body.append(form);
  form.submit();
}, `${invitation}/again`));
await check("join-again");
page = former;
await go("/glow/second-factor");
await check("second-factor-none");
await link("Set up a second factor");
await isAt("Set up a second factor");
await check("second-factor-set-up");
await fill("password", password);
await fill("code", "000000");
await send();
await checkError("second-factor-wrong");
const key = await factOf("Key");
await fill("password", password);
await fill("code", shown(key));
await send();
await isAt("Your second factor is set up");
await check("second-factor-codes");
recovery = await page.$$eval(".codes code", (codes) => codes.map((one) => one.textContent));
// A download leaves the page as it is.
await Promise.all([
  page.waitForRequest((request) => request.url().endsWith("/recovery-codes/file")),
  page.click("form[action$='/recovery-codes/file'] button"),
]);
await button("Go on");
await checkError("second-factor-codes-unsaved");
await page.click("#saved");
await button("Go on");
await go("/glow/may-do");
await check("may-do");
await go("/glow/second-factor");
await check("second-factor");
await link("Make new recovery codes");
await check("second-factor-new-codes");
await fill("password", "wrong");
await send();
await checkError("second-factor-new-codes-wrong");
await go("/glow/second-factor/remove");
await check("second-factor-remove");
await fill("password", "wrong");
await send();
await checkError("second-factor-remove-wrong");
await button("Sign out");
await signIn(noa, password);
await isAt("Type your code");
await check("code");
await fill("code", "000000");
await send();
await checkError("code-wrong");
await link("Use a recovery code");
await check("code-recovery");
await fill("code", recovery[0].toUpperCase());
await send();
await isAt("Welcome, Noa Reed");

// Profile and cell phone.
await go("/glow/profile");
await check("profile");
await fill("first-name", " ");
await send();
await checkError("profile-wrong", { "last-name": "Reed" });
await fill("first-name", "No\u00e0");
await send();
await isAt("Your profile");
await link("Change the cell phone");
await check("cell");
await fill("number", "602");
await fill("password", password);
await send();
await checkError("cell-wrong", { number: "602" });
await fill("number", "+1 602 555 0178");
await fill("password", password);
await send();
await check("cell-code");
await fill("code", await codeOf("+16025550178"));
await send();
await isAt("Your profile");

// The address, and back again.
for (const [address, at] of [["noa.reed@home.example", "first"], [noa, "second"]]) {
  await link("Change the e-mail address");
  if (at === "first") {
    await check("address");
    await fill("email", "noa");
    await fill("password", password);
    await send();
    await checkError("address-wrong", { email: "noa" });
  }
  await fill("email", address);
  await fill("password", password);
  await send();
  if (at === "first") await check("address-sent");
  const confirmation = await linkOf(address, "Confirm your e-mail address");
  if (at === "first") await scan("address", confirmation);
  await go(confirmation);
  if (at === "first") {
    await check("address-confirm");
    await fill("password", "wrong");
    await send();
    await checkError("address-confirm-wrong");
  }
  await fill("password", password);
  await send();
  await isAt("Your e-mail address is changed");
  if (at === "first") await check("address-done");
  await go("/glow/profile");
}

// Sessions: another browser is out at its next click.
const first = page;
page = await open(await browser.createBrowserContext());
await signIn(noa, password);
await recover(1);
await isAt("Welcome, No\u00e0 Reed");
const other = page;
page = await open(await browser.createBrowserContext());
await signIn(noa, password);
await recover(4);
page = first;
await go("/glow/sessions");
await check("sessions");
await leads(() => page.click(".sessions form button"));
await isAt("Your sessions");
await button("End all others");
page = other;
await link("Profile");
await isAt("Sign in");
page = first;

// Passwords.
await go("/glow/password");
await check("password");
await fill("password", "wrong");
await fill("new-password", second);
await send();
await checkError("password-wrong");
await fill("password", password);
await fill("new-password", second);
await send();
await isAt("Welcome, No\u00e0 Reed");
await button("Sign out");
await go("/glow/sign-in");
await link("Forgot password");
await check("reset");
await fill("email", noa);
await send();
await check("reset-sent");
const reset = await linkOf(noa, "Choose a new password for glow");
await scan("reset", reset);
await go(reset);
await check("reset-new");
await fill("new-password", "short");
await send();
await checkError("reset-new-wrong");
await fill("new-password", password);
await send();
await isAt("Your password is changed");
await check("reset-done");
await go(reset);
await isAt("This link does not work", 410);
await check("link-used");
await go("/glow/reset/rset_nobody");
await isAt("This link does not work", 404);
await check("link-unknown");

// Another workspace of the same login, and the way between them.
apply("spa");
const spa = await linkOf(noa, "You are invited to spa");
await go(spa);
await send();
await fill("code", await codeOf("+16025550178"));
await send();
await check("join-known");
await fill("password", password);
await send();
if ((await heading()) === "Type your code") await recover(2);
await isAt("Welcome, No\u00e0 Reed");
await check("home-of-two");
await button("Go to glow");
await isAt("Welcome, No\u00e0 Reed");

// The other workspace's main admin hands the role over.
const member = page;
page = await open(await browser.createBrowserContext());
await go(given.setUpSpa);
await fill("new-password", second);
await send();
await isAt("Welcome, Olivia Stone");
await go("/spa/main-admin");
await check("main-admin");
await fill("email", noa);
await fill("password", "wrong");
await send();
await checkError("main-admin-wrong", { email: noa });
await fill("password", second);
await send();
await isAt("The offer is on its way");
await check("main-admin-sent");
await go(await linkOf(noa, "You are asked to become main admin of spa"));
await isAt("This link is for another person");
await check("another-person");
await button("Sign out and continue");
await isAt("Become main admin of spa");
await check("main-admin-offered");
await fill("password", "wrong");
await send();
await checkError("main-admin-offered-wrong");
await fill("password", password);
await send();
await isAt("You are the main admin of spa");
await check("main-admin-done");
page = member;

// A browser that is trusted, and no longer.
await button("Sign out");
await signIn(noa, password);
await link("Use a recovery code");
await fill("code", recovery[3]);
await page.click("#trust");
await send();
await go("/glow/second-factor");
await button("Stop trusting browsers");
await check("second-factor-untrusted");

// Blocked in the middle of a session.
apply("glow-blocked");
await link("Profile");
await isAt("Sign in");
await signIn(noa, password);
await isAt("You are blocked here", 403);
await check("blocked");

// The other platforms: names to confirm and a second factor that is wanted; a code word; the way in of a main admin.
const will = await linkOf("will@lakeside.example", "You are invited to lakeside");
await go(will);
await check("join-names");
await fill("last-name", "");
await page.$eval("#last-name", (input) => { input.value = ""; });
await fill("new-password", password);
await send();
await checkError("join-names-wrong", { "first-name": "Will" });
await fill("last-name", "Hart");
await fill("new-password", password);
await send();
await isAt("Set up a second factor");
await check("second-factor-wanted");
const rob = await linkOf("rob@bright.example", "You are invited to bright");
await go(rob);
await check("join-code-word");
await fill("code-word", "no-such-word");
await fill("new-password", password);
await send();
await checkError("join-code-word-wrong");
await go(given.setUp);
await check("set-up");

// Without scripts everything works, too: the pages have none.
await page.setJavaScriptEnabled(false);
await fill("new-password", password);
await send();
await isAt("Welcome, Dana Fox");
await page.$eval("h1", (element) => element.textContent);
await button("Sign out");
await isAt("You are signed out of bright");
await page.setJavaScriptEnabled(true);

// An invitation that lacks something, and an account that is inactive.
apply("glow-incomplete");
await go(await linkOf("kim@glow.example", "You are invited to glow"));
await isAt("Join glow");
await check("join-incomplete");
apply("lakeside-inactive");
await go("/lakeside/sign-in");
await fill("email", "will@lakeside.example");
await fill("password", password);
await send();
await isAt("Your account is inactive", 403);
await check("inactive");
await go(will);
await isAt("This link does not work", 410);

// On a laptop: messages in a folder, and a database that another program keeps busy.
await go(`${given.laptop}/lakeside/outbox`);
await isAt("Outbox");
await check("outbox");
await go(`${given.laptop}/lakeside/reset`);
await fill("email", "iyer@lakeside.example");
await send();
expect(status === 503, `a busy database: ${status}`);
await check("failed");

// A form on another site does nothing here.
const foreign = await open(await browser.createBrowserContext());
await foreign.goto("about:blank");
await foreign.setContent(`<form method="post" action="${given.base}/glow/sign-in"><input name="email" value="a"><button>x</button></form>`);
const [refused] = await Promise.all([foreign.waitForNavigation(), foreign.click("button")]);
found.foreign = refused.status();
}

await visit().catch(async (error) => wrong(`${error.stack}: ${page.url()} ${await page.$eval("body", (body) => body.innerText).catch(() => "")}`));
await browser.close();
console.log(JSON.stringify(found, null, 1));
