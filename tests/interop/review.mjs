// Opens the page of a review in Chromium as an auditor does: from a file, on a phone and on a desk, light and dark, on paper, without scripts.
// Arguments: the folder of the packages, the page, the folder for pictures. Prints what it found as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
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
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(url, { waitUntil: "load" });
}

async function width(name) {
  const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  if (wide > 0) found.violations.push(`${name}: the page is ${wide} pixels wider than the window`);
}

for (const [pixels, scheme] of [[390, "light"], [1280, "light"], [390, "dark"], [1280, "dark"]]) {
  const name = `review-${pixels}-${scheme}`;
  await open(pixels, scheme);
  await page.evaluate(axe);
  const result = await page.evaluate("axe.run(document)");
  for (const violation of result.violations) {
    found.violations.push(`${name}: ${violation.id}: ${violation.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).slice(0, 3).join("; ")}`);
  }
  await width(name);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

await page.emulateMediaType("print");
await page.setViewport({ width: 720, height: 1000 });
await width("print");
await page.pdf({ path: `${folder}/review.pdf`, format: "letter" });
await page.emulateMediaType("screen");

await page.setJavaScriptEnabled(false);
await open(1280, "light");
found.headings = await page.$$eval("h1, h2, h3", (all) => all.map((heading) => heading.textContent));
found.text = await page.$eval("main", (element) => element.innerText);
found.requests = requests.filter((address) => !address.startsWith("file:") && !address.startsWith("data:"));
found.errors = errors;
await browser.close();
console.log(JSON.stringify(found, null, 1));
