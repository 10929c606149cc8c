// Opens a runbook's page in Chromium as people do: from a file, on a phone and on a desk, light and dark; ticks, reloads, downloads.
// Arguments: the folder of the packages, the page, the folder for downloads and pictures. Prints what it found as JSON.
import { createRequire } from "node:module";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [packages, file, folder] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const url = pathToFileURL(file).href;

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  protocolTimeout: 300000,
});
const page = await browser.newPage();
page.setDefaultTimeout(120000);
const requests = [], errors = [], found = { violations: [] };
page.on("request", (request) => requests.push(request.url()));
page.on("pageerror", (error) => errors.push(String(error)));
page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });

async function open(width, scheme) {
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(url, { waitUntil: "load" });
}

async function check(name) {
  await page.evaluate(axe);
  const result = await page.evaluate("axe.run(document)");
  for (const violation of result.violations) {
    found.violations.push(`${name}: ${violation.id}: ${violation.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).slice(0, 3).join("; ")}`);
  }
  const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  if (wide > 0) found.violations.push(`${name}: the page is ${wide} pixels wider than the window`);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

const count = () => page.$eval("#count", (element) => element.textContent);
const ticked = () => page.$$eval("input[data-step]", (boxes) => boxes.filter((box) => box.checked).map((box) => box.dataset.step));

for (const [width, scheme] of [[390, "light"], [1280, "light"], [390, "dark"], [1280, "dark"]]) {
  await open(width, scheme);
  await check(`${width}-${scheme}`);
}

// By keyboard: the first box gets a tick with the space bar.
found.before = await count();
await page.focus("input[data-step]");
await page.keyboard.press("Space");
await page.$$eval("input[data-step]", (boxes) => boxes[1].click());
found.afterTwo = await count();
// The same plan is made again an hour later: its page has the ticks of the first one.
const made = readFileSync(file, "utf8").replace(/"as_of":(\d+)/g, (whole, at) => `"as_of":${Number(at) + 3_600_000}`);
found.isMadeAgain = made !== readFileSync(file, "utf8");
writeFileSync(file, made);
await page.reload({ waitUntil: "load" });
found.afterReload = await count();
found.ticked = await ticked();
await page.$$eval("input[data-step]", (boxes) => boxes[1].click());
found.afterUntick = await count();
await page.reload({ waitUntil: "load" });
await check("1280-ticked");

await browser.defaultBrowserContext().overridePermissions("file://", ["clipboard-read", "clipboard-sanitized-write"]).catch(() => {});
await page.$eval("button[data-copy]", (button) => button.click());
await page.waitForFunction(() => document.getElementById("status").textContent !== "");
found.copied = await page.$eval("#status", (element) => element.textContent);
found.copyOf = await page.$eval("button[data-copy]", (button) => button.dataset.copy);

const session = await browser.target().createCDPSession();
await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
await page.click("#download");
let download;
for (let tries = 0; tries < 300 && !download; tries += 1) {
  await wait(100);
  download = readdirSync(folder).find((name) => name.endsWith("-ticks.json"));
}
found.download = download ?? null;

// A page of the same plan, made of a newer list: that list shows that nothing was done.
writeFileSync(file, readFileSync(file, "utf8").replaceAll(' autocomplete="off"', ` data-not-done="${Date.now()}" autocomplete="off"`));
await page.reload({ waitUntil: "load" });
found.afterList = await count();

await page.emulateMediaType("print");
found.printedButtons = await page.$$eval("button", (buttons) => buttons.filter((button) => button.offsetParent !== null).length);
found.printedBodies = await page.$$eval(".step .body", (bodies) => bodies.filter((body) => body.offsetParent === null).length);
await page.emulateMediaType("screen");

// Where the browser keeps nothing, the page says so where a person sees it, however far down the tick is.
await page.evaluateOnNewDocument(() => { Storage.prototype.setItem = () => { throw new Error("nothing is kept"); }; });
await open(390, "light");
await page.$$eval("input[data-step]", (boxes) => { boxes.at(-1).scrollIntoView(); boxes.at(-1).click(); });
found.notKept = await page.$eval("#status", (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return { text: element.textContent, count: document.getElementById("count").textContent, isSeen: top >= 0 && bottom <= innerHeight && bottom > top && scrollY > 0 };
});

await page.$$eval("button[data-copy]", (buttons) => buttons[0].click());
await page.waitForFunction(() => /Copied: |does not let/.test(document.getElementById("status").textContent));
found.notKept.afterCopy = await page.$eval("#status", (element) => element.textContent);

// Without JavaScript the page is a readable list with ids.
await page.setJavaScriptEnabled(false);
await open(390, "light");
const text = await page.$eval("main", (element) => element.innerText);
found.withoutScript = { ids: [...text.matchAll(/\b[0-9a-f]{8}\b/g)].map((match) => match[0]), hasBar: text.includes("Download") };
await page.screenshot({ path: `${folder}/390-without-script.png` });

found.requests = requests.filter((address) => !address.startsWith("file:") && !address.startsWith("blob:") && !address.startsWith("data:"));
found.errors = errors;
await browser.close();
console.log(JSON.stringify(found, null, 1));
