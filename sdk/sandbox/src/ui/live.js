// Keeps the page as the sandbox is, without a reload, and sends its forms. What a reader has opened, focused or written
// stays. Without this script, the forms and a reload do the same.
"use strict";

let tag = "";

// Makes one node like another. Those with an id are known by it, the others by their place.
function morph(own, next) {
  if (own.nodeType === Node.TEXT_NODE) {
    if (own.data !== next.data) own.data = next.data;
    return;
  }
  for (const { name } of [...own.attributes]) {
    if (!next.hasAttribute(name) && name !== "open") own.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (own.getAttribute(name) !== value) own.setAttribute(name, value);
  }
  const wanted = new Set([...next.children].map((child) => child.id));
  for (const child of [...own.children]) {
    if (child.id && !wanted.has(child.id)) child.remove();
  }
  const known = new Map([...own.children].filter((child) => child.id).map((child) => [child.id, child]));
  let place = own.firstChild;
  for (const child of [...next.childNodes]) {
    const same = child.id ? known.get(child.id) : place && !place.id && place.nodeName === child.nodeName ? place : null;
    if (!same) {
      own.insertBefore(child, place);
      continue;
    }
    if (same === place) place = place.nextSibling;
    else own.insertBefore(same, place);
    morph(same, child);
  }
  while (place) {
    const rest = place;
    place = place.nextSibling;
    rest.remove();
  }
}

function say(text, isProblem = false) {
  const notice = document.getElementById("notice");
  notice.textContent = text;
  notice.classList.toggle("problem", isProblem);
}

// Shows the page of a response. Returns the problem in it, if any.
async function show(response) {
  if (response.status === 304) return "";
  const text = await response.text();
  const next = new DOMParser().parseFromString(text, "text/html");
  if (!next.getElementById("page")) return text;
  tag = response.headers.get("etag") ?? "";
  morph(document.getElementById("page"), next.getElementById("page"));
  return next.getElementById("notice").textContent;
}

let isLost = false;

async function look() {
  if (document.visibilityState === "visible") {
    try {
      await show(await fetch("/", { headers: { "If-None-Match": tag }, cache: "no-store" }));
      if (isLost) say("");
      isLost = false;
    } catch {
      isLost = true;
      say("The sandbox does not respond. It may have ended.", true);
    }
  }
  setTimeout(look, 1000);
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  event.preventDefault();
  const section = form.closest("section, header");
  try {
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
    if (response.ok) form.reset();
    const problem = await show(response);
    say(problem || form.dataset.done, Boolean(problem));
    // The form may be gone.
    if (document.activeElement === document.body) section.focus({ preventScroll: true });
  } catch {
    say("The sandbox does not respond. It may have ended.", true);
  }
});

look();
