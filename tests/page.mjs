// Opens HTML reports in a headless browser and counts what it finds wrong; no part of ci.
//
//   npm install axe-core puppeteer-core
//   interdict scan fixtures/demo --profile us-vendor -o html=demo.html
//   CHROMIUM=/usr/bin/chromium node tests/page.mjs demo.html
//
// In light and dark: no message of the console, no request but for the page itself, no dialog, no fault that axe finds, the skip link
// first for the keyboard, and a filter that answers.
import fs from "fs";
import path from "path";
import { createRequire } from "module";

const require = createRequire(path.join(process.cwd(), "node_modules", "x"));
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
let wrong = 0;
for (const file of process.argv.slice(2)) {
  for (const value of ["light", "dark"]) {
    const page = await browser.newPage();
    const faults = [];
    let requests = 0;
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("dialog", (dialog) => { faults.push("a dialog"); dialog.dismiss(); });
    page.on("request", () => { requests += 1; });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    await page.goto(`file://${path.resolve(file)}`);
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => document.activeElement.className);
    const cards = await page.evaluate(() => document.querySelectorAll("article").length);
    if (cards > 0) {
      await page.focus("#filter-words");
      await page.keyboard.type("no finding holds this");
      const shown = await page.evaluate(() => document.querySelector("#filter-shown").textContent);
      if (shown !== `0 of ${cards} shown`) faults.push(`the filter says ${shown}`);
      await page.evaluate(() => { document.querySelector("#filter-words").value = ""; });
      await page.keyboard.press("Backspace");
    }
    if (cards < 50) await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    await page.evaluate(axe);
    const found = await page.evaluate(async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
      .map((one) => `${one.id} (${one.impact}): ${one.nodes[0].html.slice(0, 200)}`));
    if (first !== "skip") faults.push(`the first stop of the keyboard is ${first}`);
    if (requests !== 1) faults.push(`${requests} requests`);
    faults.push(...found);
    wrong += faults.length;
    console.log(`${file}, ${value}: ${cards} findings, ${fs.statSync(file).size} bytes, ${faults.length} faults`, faults.join("\n  "));
    await page.close();
  }
}
await browser.close();
process.exit(wrong === 0 ? 0 : 1);
