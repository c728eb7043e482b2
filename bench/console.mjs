// What the console costs its user: see README.md.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const tools = createRequire(pathToFileURL(process.argv[2]));
const load = async (name) => import(pathToFileURL(tools.resolve(name)));
const { default: lighthouse } = await load("lighthouse");
const { default: puppeteer } = await load("puppeteer-core");

const url = process.env.CAISSON_URL;
const key = process.env.CAISSON_KEY;
const rows = Number(process.env.CONSOLE_ROWS ?? 1000);
const rounds = Number(process.env.CONSOLE_ROUNDS ?? 3);

const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
});

async function page(signedIn) {
  const made = await browser.newPage();
  if (signedIn) {
    await made.evaluateOnNewDocument((secret) => sessionStorage.setItem("caisson.key", secret), key);
  }
  await made.evaluateOnNewDocument(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) =>
      globalThis.longTasks.push(...list.getEntries().map((task) => Math.round(task.duration))),
    ).observe({ type: "longtask" });
  });
  return made;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

// As Lighthouse measures a phone: 150 ms of round trip, 1.6 Mbit/s, a processor four times as slow, all of it imposed, not computed.
async function throttled(name, signedIn) {
  const audits = ["first-contentful-paint", "largest-contentful-paint", "speed-index", "total-blocking-time"];
  const taken = audits.map(() => []);
  let transferred;
  let requests;
  for (let round = 0; round < rounds; round++) {
    const made = await page(signedIn);
    const { lhr } = await lighthouse(
      `${url}/`,
      { onlyCategories: ["performance"], throttlingMethod: "devtools", disableStorageReset: true, logLevel: "error" },
      undefined,
      made,
    );
    if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`);
    audits.forEach((audit, i) => taken[i].push(Math.round(lhr.audits[audit].numericValue)));
    transferred = Math.round(lhr.audits["total-byte-weight"].numericValue / 1000);
    requests = lhr.audits["network-requests"].details.items.length;
    await made.close();
  }
  console.log(
    `| ${name}, throttled | ${audits.map((audit, i) => `${audit} ${median(taken[i])} ms`).join(", ")}; ${requests} requests, ${transferred} kB |`,
  );
}

const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** What kept the page busy for more than 50 ms, meanwhile. */
async function busy(made, name, work) {
  await made.evaluate(() => (globalThis.longTasks.length = 0));
  await work();
  await pause(500);
  const tasks = await made.evaluate(() => globalThis.longTasks);
  const longest = tasks.length ? Math.max(...tasks) : 0;
  console.log(`| ${name} | ${tasks.length} tasks of more than 50 ms, the longest ${longest} ms, together ${tasks.reduce((a, b) => a + b, 0)} ms |`);
}

async function list() {
  const made = await page(true);
  await made.goto(`${url}/`);
  await made.waitForSelector(".bar.tools");
  const count = () => made.$$eval("tbody tr", (all) => all.length);
  await busy(made, "the first page of the list, as it was opened", async () => {});
  await made.evaluate(() => [...document.querySelectorAll(".bar.tools button, .bar.tools label")].find((each) => each.textContent.trim() === "All").click());
  await busy(made, `all pages, up to ${rows} rows`, async () => {
    for (let before = -1; (await count()) !== before && (await count()) < rows; ) {
      before = await count();
      const more = await made.evaluateHandle(() => [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === "Load more"));
      if (!more.asElement()) break;
      await more.click();
      await made.waitForFunction((n) => document.querySelectorAll("tbody tr").length > n, { timeout: 5000 }, before).catch(() => {});
    }
  });
  const shown = await count();
  await busy(made, `${shown} rows at rest for 10 s`, () => pause(10_000));
  await busy(made, `${shown} rows, five letters typed into the search`, async () => {
    await made.focus("input[type=search]");
    for (const letter of "debia") {
      await made.keyboard.type(letter);
      await pause(200);
    }
    await made.evaluate(() => (document.querySelector("input[type=search]").value = ""));
  });
  await busy(made, `${shown} rows, a sandbox is made and ends`, async () => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const image = process.env.BENCH_IMAGE ?? "debian:trixie-slim";
    const answer = await fetch(`${url}/v1/sandboxes`, { method: "POST", headers, body: JSON.stringify({ image }) });
    const { id } = await answer.json();
    await fetch(`${url}/v1/sandboxes/${id}?grace=PT0S`, { method: "DELETE", headers });
  });
  const gaps = await made.evaluate(
    () =>
      new Promise((resolve) => {
        const taken = [];
        let last = performance.now();
        const step = (now) => {
          taken.push(now - last);
          last = now;
          scrollBy(0, 120);
          if (taken.length < 120) requestAnimationFrame(step);
          else resolve(taken.slice(1));
        };
        requestAnimationFrame(step);
      }),
  );
  gaps.sort((a, b) => a - b);
  console.log(`| ${shown} rows scrolled | a frame each ${gaps[Math.floor(gaps.length / 2)].toFixed(0)} ms, p95 ${gaps[Math.floor(gaps.length * 0.95)].toFixed(0)} ms, longest ${gaps.at(-1).toFixed(0)} ms |`);
  await made.close();
}

try {
  console.log("| page | measured |\n| --- | --- |");
  await list();
  await throttled("sign-in", false);
  await throttled("list of sandboxes", true);
} finally {
  await browser.close();
}
