/* Keeps what a page shows up to date: asks for the page again, and puts in its live parts ([data-live], with an id).

   It asks (at `data-address` of the body, if not at its own) every `data-every` seconds, and as soon as the salon's events
   (`data-events`) tell of a change. When those can't be heard it tries four times, longer apart each time, and says so; the
   page goes on asking in any case. That it was asked for in vain is said until it is answered.
   What runs has `data-again` as long as it does, the seconds after which to ask again.
   A part in which somebody types, has changed a field or opened a form is left alone until they are done.

   What a part's data-live says is told to screen readers when the part says something else than before; what only the clock
   moves ([data-clock], [data-until], the words of a <time>) is nothing else. Changes are told together, and not often. */

const TRIES = 4;
const FIRST_WAIT = 1000;
const LASTS = 10_000; // ms after which a stream that tells nothing has not failed
const PATIENCE = 30_000; // ms until an answer is taken for lost
const TOGETHER = 200; // ms; what changes at once is asked for once
const SPREAD = 300; // ms; not all who look at a salon ask at the same moment
const APART = 2000; // ms between two times that the page is asked for, however much changes
const GATHER = 1000; // ms in which changes are gathered before they are told
const QUIET = 20_000; // ms between two times that something is told
const FIELD = "input, select, textarea";
const TYPED = "input:not([type=checkbox], [type=hidden]), select, textarea";

const { every, events, address } = document.body.dataset;
const state = document.getElementById("live-state");
const news = document.getElementById("live-news");
const shown = new Map(); // a part's id → its HTML
const meant = new Map(); // a part's id → what it says, whatever the time
const toTell = new Map(); // a part's id → what is to be told of it
const seen = new Set();
let source = null;
let after = "";
let failures = 0;
let lasting = 0; // the timer after which a stream has lasted
let heard = ""; // what is said of the stream: nothing, if it is heard
let stale = false; // the page was asked for in vain
let due = 0; // the timer of the next time that the page is asked for
let running = 0; // the timer of what runs
let asking = false;
let nowhere = false; // What answers a form has no address to be asked at.
let askedAt = -APART;
let telling = 0; // the timer of what is to be told
let toldAt = -QUIET;
let again = false; // something changed while the page was being asked for
let kept = false; // a part was left alone
let missed = false; // something changed while nobody looked

function parts(page) {
  return page.querySelectorAll("[data-live][id]");
}

/* What of a field somebody changes, and what it is as it came. */
function asItCame(field) {
  if (field.localName === "select") {
    return ["selectedIndex", Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))];
  }
  return ["checkbox", "radio"].includes(field.type) ? ["checked", field.defaultChecked] : ["value", field.defaultValue];
}

function changed(part) {
  return [...part.querySelectorAll(FIELD)].filter((field) => {
    const [what, came] = asItCame(field);
    return field[what] !== came;
  });
}

function inUse(part) {
  const focused = document.activeElement;
  return (
    (part.contains(focused) && focused.matches(TYPED)) ||
    part.querySelector(`details[open] :is(${TYPED}), [data-busy]`) !== null ||
    changed(part).length > 0
  );
}

function put(part, now) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  renew(part, now);
  for (const field of changed(part)) {
    const [what, came] = asItCame(field); // One that was changed and changed back keeps what it had.
    field[what] = came;
  }
  if (focused && document.activeElement !== focused) {
    if (!part.contains(focused)) {
      part.tabIndex = -1; // What had the focus is no more.
    }
    (part.contains(focused) ? focused : part).focus({ preventScroll: true });
  }
  part.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
}

function meaning(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("select, [data-clock], [data-until]:not(time)").forEach((moved) => moved.remove());
  copy.querySelectorAll("time").forEach((time) => time.replaceWith(time.dateTime));
  return copy.textContent.replace(/\s+/g, " ");
}

/* Keeps what a part is now. Whether it says something else than before. */
function note(part) {
  const [before, now] = [meant.get(part.id), meaning(part)];
  shown.set(part.id, part.innerHTML);
  meant.set(part.id, now);
  return now !== before;
}

function tell() {
  telling = 0;
  toldAt = performance.now();
  news.textContent = `${news.dataset.updated} ${[...toTell.values()].join(". ")}.`;
  toTell.clear();
}

function tellOf(part) {
  if (news && part.dataset.live) {
    toTell.set(part.id, part.dataset.live);
    telling ||= setTimeout(tell, Math.max(GATHER, toldAt + QUIET - performance.now()));
  }
}

async function refresh() {
  due = 0;
  if (nowhere) {
    return;
  }
  if (document.hidden) {
    missed = true;
    return;
  }
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  askedAt = performance.now();
  try {
    stale = !(await ask());
  } catch {
    stale = true;
  }
  say();
  asking = false;
  follow();
  if (again) {
    again = false;
    refreshSoon();
  }
}

/* Whether the page is up to date now. */
async function ask() {
  const headers = { Accept: "text/html", "Standby-Refresh": "?1" };
  const answer = await fetch(address ?? location.href, { headers, signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok || answer.redirected) {
    const signedOut = answer.url.includes("/sign-in");
    nowhere = answer.redirected && !signedOut;
    return answer.status < 500 && !signedOut; // A page that can be read is better than none.
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  kept = false;
  for (const part of parts(document)) {
    const now = fresh.getElementById(part.id);
    if (now === null || now.innerHTML === shown.get(part.id)) {
      continue;
    }
    if (inUse(part)) {
      kept = true;
      continue;
    }
    const differs = note(now);
    put(part, now);
    if (differs) {
      tellOf(part);
    }
  }
  return true;
}

function refreshSoon() {
  const soon = Math.max(TOGETHER, askedAt + APART - performance.now());
  due ||= setTimeout(refresh, soon + Math.random() * SPREAD);
}

function follow() {
  const runs = document.querySelector("[data-again]");
  clearTimeout(running);
  if (runs) {
    running = setTimeout(refreshSoon, runs.dataset.again * 1000);
  }
}

function say() {
  const said = state?.dataset[stale ? "stale" : heard] ?? "";
  if (state && state.textContent !== said) {
    state.textContent = said;
  }
}

function hear(event) {
  after = event.lastEventId || after;
  const told = JSON.parse(event.data);
  const change = `${told.type} ${told.id} ${told.at}`;
  if (told.type !== "reload" && seen.has(change)) {
    return;
  }
  if (seen.size > 1000) {
    seen.clear();
  }
  seen.add(change);
  if (told.type !== "reload") {
    failures = 0;
  }
  refreshSoon();
}

function listen() {
  source?.close();
  const from = after ? `?after=${encodeURIComponent(after)}` : "";
  source = new EventSource(events + from);
  source.addEventListener("open", () => {
    lasting = setTimeout(() => (failures = 0), LASTS);
    heard = "";
    say();
    refreshSoon(); // What changed before it listened.
  });
  source.addEventListener(`waitlist:salon:${document.body.dataset.salon}`, hear);
  source.addEventListener("reload", hear);
  source.addEventListener("error", () => {
    source.close();
    clearTimeout(lasting);
    failures += 1;
    heard = failures > TRIES ? "waiting" : "reconnecting";
    say();
    if (failures > TRIES) {
      source = null; // The next minute begins anew.
    } else {
      setTimeout(listen, FIRST_WAIT * 2 ** (failures - 1));
    }
  });
}

function onward() {
  if (missed || kept) {
    missed = false;
    refreshSoon();
  }
}

parts(document).forEach(note);
follow();
setInterval(() => {
  refreshSoon();
  if (events && source === null) {
    failures = 0;
    listen();
  }
}, every * 1000);
document.addEventListener("visibilitychange", onward);
document.addEventListener("focusout", () => setTimeout(onward));
document.addEventListener("refresh", refreshSoon); // A clock has run out.
document.addEventListener("replaced", (event) => note(event.target)); // By the page's own script, which tells of it.
addEventListener("online", refreshSoon);
if (events) {
  listen();
}
