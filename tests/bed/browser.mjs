// Open pages in a headless Chromium and say what a browser says of them: JSON lines in, JSON lines out.
// In: {"page", "width", "scheme", "media", "shot", "pdf"}. Out: {"errors", "requests", "violations", "wide"}.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const AXE = require.resolve("axe-core/axe.min.js");

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

async function look({ page: path, width, scheme, media, shot, pdf }) {
  // axe is a script, which the page's own policy forbids; the policy itself is looked at without that
  const seen = { errors: [], requests: [] };
  await visit({ width, scheme, media, bypassCSP: false }, path, async (page) => {
    seen.wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (shot) await page.screenshot({ path: shot, fullPage: true });
    if (pdf) await page.pdf({ path: pdf, format: "A4", printBackground: true });
  }, seen);
  await visit({ width, scheme, media, bypassCSP: true }, path, async (page) => {
    await page.addScriptTag({ path: AXE });
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    seen.violations = found.violations
      .filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
  });
  return seen;
}

async function visit({ width, scheme, media, bypassCSP }, path, then, seen) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP });
  try {
    const page = await context.newPage();
    if (seen) {
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && seen.errors.push(message.text()));
      page.on("pageerror", (error) => seen.errors.push(String(error)));
      page.on("request", (request) => request.isNavigationRequest() || seen.requests.push(request.url()));
    }
    await page.emulateMedia({ media, colorScheme: scheme });
    await page.goto(pathToFileURL(path).href, { waitUntil: "load" });
    await then(page);
  } finally {
    await context.close();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await look(JSON.parse(line)).catch((error) => ({ broken: String(error) }))));
}
await browser.close();
