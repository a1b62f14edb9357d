#!/usr/bin/env node
// The page of the sandbox in headless Chromium, on a desk and on a phone: by keyboard, without a reload, without script, and
// from a page of another site. Takes screenshots, for people to look at.
//
// Needs node, Chromium (or CHROMIUM) and `cargo build -p prolific-sandbox`; no packages and no network.
// Usage: tests/sandbox-page-in-browser.mjs [FOLDER for the screenshots]

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const folder = resolve(process.argv[2] ?? join(target, "sandbox-page"));
const work = mkdtempSync(join(tmpdir(), "sandbox-page-"));
mkdirSync(folder, { recursive: true });
const children = [];
process.on("exit", () => {
  for (const child of children) child.kill();
  rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const code = (code, action) => ({ code, code_type: "OTHER", actions: [action] });
const seed = {
  workspaces: [
    { id: "w1", title: "Perception lab", balance: 250000 },
    { id: "w2", title: "Teaching", balance: 8050 },
  ],
  projects: [
    { id: "j1", workspace_id: "w1", title: "Colours" },
    { id: "j2", workspace_id: "w2", title: "Course" },
  ],
  groups: [
    { id: "g1", name: "Pilot", workspace_id: "w1", participant_ids: ["p101", "p102", "p103"] },
    { id: "g2", name: "Last year", workspace_id: "w2", is_deleted: true },
    { id: "g3", name: "<script>alert('group')</script> \u202egnp.exe", workspace_id: "w1", participant_ids: ["<b>x</b>"] },
  ],
  studies: [
    {
      id: "s1", project_id: "j1", name: "Naming colours", total_available_places: 12, reward: 450, published: true,
      submissions: ["p101", "p102", "p103"].map((participant_id) => ({ participant_id, code: "COLOURS" })),
      completion_codes: [
        code("COLOURS", { action: "MANUALLY_REVIEW" }),
        code("FOLLOWUP", { action: "ADD_TO_PARTICIPANT_GROUP", participant_group: "g1" }),
      ],
    },
    {
      id: "s2", project_id: "j2", name: "Reaction times, first part", total_available_places: 1, reward: 133, published: true,
      submissions: [{ participant_id: "p104", code: "DONE" }],
      completion_codes: [code("DONE", { action: "AUTOMATICALLY_APPROVE" })],
    },
    { id: "s3", project_id: "j1", name: "A study that is still a draft, with a name as long as people write them at times" },
  ],
};

// Starts a program, and returns it with the first line of its output that has a match.
function start(program, args, stdio, pattern) {
  const child = spawn(program, args, { stdio });
  children.push(child);
  const found = new Promise((done, fail) => {
    let text = "";
    child.on("error", fail);
    child.on("exit", (status) => fail(new Error(`${program} ended with ${status}`)));
    child.stdout?.on("data", (data) => {
      text += data;
      const match = text.match(pattern);
      if (match) done(match[0]);
    });
  });
  found.catch(() => {});
  return { child, found };
}

writeFileSync(join(work, "seed.json"), JSON.stringify(seed));
const sandbox = start(join(target, "debug/prolific-sandbox"), ["--seed", join(work, "seed.json")], ["ignore", "pipe", "inherit"], /http:\S+/);
const url = await sandbox.found;

const api = (method, path, body) =>
  fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { Authorization: "Token sandbox-token", "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
const form = (action, fields) =>
  fetch(`${url}/_sandbox/ui/act/${action}`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });

// The browser, which speaks the DevTools protocol on the descriptors 3 and 4.
const browser = start(
  process.env.CHROMIUM ?? "chromium",
  ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${work}/profile`, "about:blank"],
  ["ignore", "ignore", "ignore", "pipe", "pipe"],
).child;
const waiting = new Map();
const problems = [];
let expected = null;
let buffer = "";
browser.stdio[4].on("data", (data) => {
  const messages = (buffer + data).split("\0");
  buffer = messages.pop();
  for (const text of messages) {
    const { id, method, params, result, error } = JSON.parse(text);
    if (id) waiting.get(id)?.[error ? 1 : 0](error ? new Error(error.message) : result);
    const entry = method === "Log.entryAdded" ? params.entry.text : params?.exceptionDetails?.text;
    if (entry && !expected?.test(entry)) problems.push(entry);
    if (method === "Page.javascriptDialogOpening") problems.push(`a dialog: ${params.message}`);
  }
});
let last = 0;
let sessionId;
const send = (method, params = {}) =>
  new Promise((...settle) => {
    last += 1;
    waiting.set(last, settle);
    browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });

const { targetId } = await send("Target.createTarget", { url: "about:blank" });
sessionId = (await send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
for (const domain of ["Page", "Log", "Runtime", "Accessibility"]) await send(`${domain}.enable`);

async function run(expression) {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  assert(!exceptionDetails, `${expression}: ${exceptionDetails?.exception?.description}`);
  return result.value;
}

async function until(expression, what = expression) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await run(expression).catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`after ten seconds still not: ${what}`);
}

async function press(key, modifiers = 0) {
  const codes = { Tab: 9, Enter: 13, a: 65 };
  const text = key === "Enter" ? "\r" : undefined;
  const event = { key, code: key === "a" ? "KeyA" : key, windowsVirtualKeyCode: codes[key], modifiers, text };
  await send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", ...event });
  await send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
}

// Goes on with the Tab key to the element that a selector describes.
async function tabTo(selector) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await run(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await press("Tab");
  }
  assert.fail(`the Tab key does not lead to ${selector}`);
}

async function type(text) {
  await press("a", 2);
  await send("Input.insertText", { text });
}

async function open(address = url) {
  await send("Page.navigate", { url: address });
  await until(`document.readyState === "complete" && location.href.startsWith(${JSON.stringify(address)})`);
}

async function screen({ width, height, mobile, scheme }) {
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: mobile ? 2 : 1, mobile });
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
}

async function picture(name, all = true) {
  const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: all });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(data, "base64"));
}

const has = (text) => `document.body.innerText.includes(${JSON.stringify(text)})`;
const desk = { width: 1280, height: 860, mobile: false, scheme: "light" };
const phone = { width: 390, height: 844, mobile: true, scheme: "light" };
let passed = 0;
async function test(name, body) {
  await body();
  assert.deepEqual(problems, [], name);
  passed += 1;
  console.log(`ok ${name}`);
}

// Something of everything.
for (const participant of ["p201", "p202"]) await form("take", { study: "s1", participant, then: "begin" });
await form("take", { study: "s1", participant: "p203", then: "reserve" });
await form("take", { study: "s1", participant: "p204", then: "no-code" });
await form("submission", { submission: "640000000000000000000006", then: "time-out" });
await form("clock", { number: 4, unit: "minutes" });
await form("fault", { effect: 429, delay: 2, operation: "studies_list", which: 3 });
await form("fault", { effect: "lost-response", delay: 0, operation: "participant_groups_create", which: "every" });
await api("GET", "workspaces/");
await api("GET", "studies/s1/submissions/?limit=2");
await api("GET", "studies/unknown/");
await api("POST", "submissions/640000000000000000000001/transition/", { action: "APPROVE" });
await api("POST", "messages/", { recipient_id: "p101", study_id: "s1", body: "Thank you!\nThere is a second part next week." });
await api("POST", "participant-groups/", { name: "Never told", workspace_id: "w1" }).catch(() => {});

await test("nothing runs, and the page is as wide as the screen", async () => {
  for (const [device, size] of Object.entries({ desk, phone })) {
    for (const scheme of ["light", "dark"]) {
      await screen({ ...size, scheme });
      await open();
      await until(has("Naming colours"));
      const [content, width] = await run("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
      assert(content <= width, `${device}: ${content} of ${width}`);
      await picture(`${device}-${scheme}`);
    }
  }
});

await test("everything that acts has a name, and the page has its landmarks", async () => {
  await run("for (const each of document.querySelectorAll('details')) each.open = true");
  const { nodes } = await send("Accessibility.getFullAXTree");
  const roles = nodes.filter((node) => !node.ignored).map((node) => [node.role.value, node.name?.value ?? ""]);
  const acting = roles.filter(([role]) => ["button", "textbox", "spinbutton", "combobox", "link", "DisclosureTriangle"].includes(role));
  assert(acting.length > 20, `${acting.length}`);
  assert.deepEqual(acting.filter(([, name]) => !name.trim()), []);
  for (const role of ["banner", "navigation", "main", "region", "heading", "table"]) {
    assert(roles.some(([each]) => each === role), role);
  }
  // It is empty at first, and not in the tree.
  assert(await run("document.querySelector('[role=status]') !== null"));
});

await test("all that is open fits as well", async () => {
  await screen(phone);
  const [content, width] = await run("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
  assert(content <= width, `${content} of ${width}`);
  await picture("phone-open");
  await screen(desk);
  await picture("desk-open");
});

await test("a participant takes part by keyboard, and the page changes without a reload", async () => {
  await open();
  await run("window.isSame = true; document.activeElement.blur()");
  await tabTo(".skip");
  await tabTo("#take-s1 > summary");
  await press("Enter");
  await tabTo("#take-s1 input[name=participant]");
  await type("by-keyboard");
  await tabTo("#take-s1 button");
  await press("Enter");
  await until(`[...document.querySelectorAll("#submissions th")].some((each) => each.innerText.includes("by-keyboard"))`);
  await until(has("The participant takes part."));
  assert(await run("window.isSame && document.querySelector('#take-s1').open && document.activeElement.matches('#take-s1 button')"));
  await picture("desk-after", false);
  // Once more, as the one whom the page proposes. The table has another row before the Tab key goes through it.
  const rows = await run("document.querySelectorAll('#submissions tbody tr').length");
  await press("Enter");
  await until(`document.querySelectorAll("#submissions tbody tr").length === ${rows + 1}`);
  await tabTo("#submissions button[value=return]");
  const row = await run("document.activeElement.closest('tr').id");
  await press("Enter");
  await until(`${has("Done.")} && document.getElementById("${row}").innerText.includes("RETURNED")`);
  assert(await run("document.activeElement.id === 'submissions'"), "the focus stays in the section");
  assert.equal(await run("performance.getEntriesByType('navigation').length + performance.navigation.type"), 1);
});

await test("what others change appears, and what the reader does stays", async () => {
  await run("document.querySelector('#number').focus()");
  await type("77");
  await run("document.querySelector('#request-details-3').open = true");
  await api("GET", "users/me/");
  await until(`document.querySelector(".requests li").innerText.includes("users/me")`, "the request is shown");
  assert(await run("window.isSame && document.activeElement.id === 'number' && document.activeElement.value === '77'"));
  assert(await run("document.querySelector('#request-details-3').open"));
});

await test("a problem is said", async () => {
  expected = /400 \(Bad Request\)/;
  await run("document.querySelector('#take-s1 input[name=participant]').value = 'p101'; document.querySelector('#take-s1 button').click()");
  await until(`${has("The participant has taken part as often as is allowed.")} && document.querySelector("#notice.problem")`);
  await picture("desk-problem", false);
});

await test("the forms work without script", async () => {
  await send("Emulation.setScriptExecutionDisabled", { value: true });
  await open();
  await tabTo("#take-s1 > summary");
  await press("Enter");
  await tabTo("#take-s1 input[name=participant]");
  await type("no-script");
  await press("Enter");
  await until(has("no-script"));
  assert.equal(await run("location.hash"), "#submissions");
  await send("Emulation.setScriptExecutionDisabled", { value: false });
});

await test("a page of another site changes nothing", async () => {
  expected = /403 \(Forbidden\)|unsafe attempt|ERR_/i;
  const markup = `<form method=post action="${url}/_sandbox/ui/act/reset"></form><script>document.forms[0].submit()</script>`;
  await send("Page.navigate", { url: `data:text/html,${encodeURIComponent(markup)}` });
  await until(has("from no page of another site"));
  await open();
  await until(has("no-script"));
});

await test("the page says so when the sandbox has ended", async () => {
  expected = /ERR_/;
  sandbox.child.kill();
  await until(has("The sandbox does not respond."));
});

// Otherwise it would go on writing its profile.
const closed = new Promise((done) => browser.once("exit", done));
sessionId = undefined;
await send("Browser.close");
await closed;
console.log(`${passed} passed, 0 failed\nThe screenshots are in ${folder}.`);
process.exit(0);
