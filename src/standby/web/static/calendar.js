// Moves and stretches appointments in the calendar, by pointer and by keyboard. Without it each has a page with a form.
//
// Nothing is moved for good before the server has said so: what it refuses goes back, and the page says why. Rows are
// five minutes; a column says at which moment its first row begins, so no clock and no zone is asked for here but to write
// a time down.

const ROW = 5 * 60_000;
const STEP = 3; // rows in a quarter of an hour, which things are moved by; with Ctrl by a row
const FAR = 4; // pixels, from which on a press is a drag
const PATIENCE = 30_000; // ms until an answer is taken for lost

const calendar = () => document.getElementById("calendar");
const live = document.getElementById("cal-live");
const problem = document.getElementById("cal-problem");

let moving = null; // what is on its way: the item, where it was, where it would be
let saving = false;

/** Gives what can be moved its handles, and says how keys move it. */
function equip() {
  for (const link of calendar().querySelectorAll("[data-sequence]")) {
    if (link.nextElementSibling) continue; // It has them.
    link.setAttribute("aria-describedby", "cal-keys");
    for (const name of "moves" in link.dataset ? ["cal-edge", "cal-grip"] : ["cal-edge"]) {
      const handle = document.createElement("span");
      handle.className = name;
      handle.ariaHidden = "true";
      link.after(handle);
    }
  }
}

equip();
document.addEventListener("fresh", equip); // live.js has put in what is new.

/* What lies where */

const columns = () => [...calendar().querySelectorAll(".cal-body")];
const rowHeight = (column) => column.getBoundingClientRect().height / column.dataset.rows;
const isGrid = () => getComputedStyle(calendar().querySelector(".cal-body .cal-items")).gridAutoRows !== "auto";

function take(link) {
  const column = link.closest(".cal-body");
  const [row, rows] = [Number(link.dataset.row), Math.max(1, Math.round(link.dataset.minutes / 5))];
  moving = { link, item: link.parentElement, address: link.getAttribute("href"), label: [...link.querySelector(".cal-when").childNodes], from: { column, row, rows }, column, row, rows };
  moving.item.classList.add("cal-moving");
  moving.item.dataset.busy = ""; // What is live waits: it would replace what somebody holds.
}

/** Shows it there, within the column. */
function put(column, row, rows) {
  row = Math.max(0, Math.min(row, column.dataset.rows - rows));
  if (column === moving.column && row === moving.row && rows === moving.rows) return;
  if (column !== moving.column) {
    const focused = document.activeElement === moving.link;
    moving.carried = true;
    column.querySelector(".cal-items").append(moving.item);
    if (focused) moving.link.focus({ preventScroll: true });
    moving.carried = false;
  }
  Object.assign(moving, { column, row, rows });
  moving.item.style.gridRow = `${row + 1} / ${row + rows + 1}`;
  moving.item.style.gridColumn = "1 / -1";
  moving.link.querySelector(".cal-when").textContent = times();
  moving.item.classList.toggle("cal-clash", clashes());
}

function stretch(rows) {
  put(moving.column, moving.row, Math.max(1, Math.min(rows, moving.column.dataset.rows - moving.row)));
}

function clashes() {
  const mine = moving.item.getBoundingClientRect();
  return [...moving.column.querySelectorAll(".cal-item:not(.cal-gap, .cal-open)")].some((other) => {
    if (other === moving.item) return false;
    const box = other.getBoundingClientRect();
    return box.top < mine.bottom - 2 && box.bottom > mine.top + 2;
  });
}

const stepOf = (event) => (event.ctrlKey ? 1 : STEP);

/** When it would begin, in ms; what stays in its row begins when it did, at whatever minute. */
function startOf() {
  if (moving.column === moving.from.column && moving.row === moving.from.row) return Date.parse(moving.link.querySelector("time").dateTime);
  return Date.parse(moving.column.dataset.top) + moving.row * ROW;
}

/** How long it would last; what isn't stretched lasts as long as it did. */
const minutesOf = () => (moving.rows === moving.from.rows ? Number(moving.link.dataset.minutes) : moving.rows * 5);

function times() {
  const format = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit", timeZone: calendar().dataset.zone,
  });
  return `${format.format(startOf())}–${format.format(startOf() + minutesOf() * 60_000)}`;
}

function say(words) {
  live.textContent = words;
}

function sayWhere() {
  say(calendar().dataset.say
    .replace("{who}", moving.link.querySelector(".cal-who").textContent)
    .replace("{when}", times())
    .replace("{column}", moving.column.dataset.name));
}

const isElsewhere = () =>
  moving.column !== moving.from.column || moving.row !== moving.from.row || moving.rows !== moving.from.rows;

/** Puts it back where it was. */
function letGo() {
  if (!moving) return;
  const { item, link, from, label } = moving;
  if (item.isConnected) {
    if (item.closest(".cal-body") !== from.column) {
      const focused = document.activeElement === link;
      moving.carried = true;
      from.column.querySelector(".cal-items").append(item);
      if (focused) link.focus({ preventScroll: true });
    }
    item.style.removeProperty("grid-row");
    item.style.removeProperty("grid-column");
    item.classList.remove("cal-moving", "cal-clash");
    delete item.dataset.busy;
    link.querySelector(".cal-when").replaceChildren(...label);
  }
  moving = null;
  document.dispatchEvent(new Event("refresh")); // What is live has waited (live.js).
}

/* What the server says */

async function save() {
  if (!moving || saving) return;
  if (!isElsewhere()) return letGo();
  saving = true;
  problem.hidden = true;
  const { link, address } = moving;
  const body = new URLSearchParams({
    starts_at: new Date(startOf()).toISOString(), minutes: minutesOf(), staff: moving.column.dataset.staff,
    sequence: link.dataset.sequence, notify: "1", back: calendar().dataset.address,
  });
  const page = await asked(`${address}/move`, { method: "POST", body });
  saving = false;
  if (page?.getElementById("calendar")) return show(page, address);
  // Another page says beside which field why not.
  const why = page?.querySelector("main [data-problem]") ?? page?.querySelector("h1");
  letGo();
  refuse(why?.textContent.trim() || calendar().dataset.offline);
  const now = await asked(calendar().dataset.address, { cache: "no-store" });
  if (now?.getElementById("calendar") && !moving) show(now, address, { said: false }); // Unless something is held again.
}

/** The page that is answered; null if none comes. Who is signed out is led to sign in. */
async function asked(address, how) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE), ...how });
    if (new URL(answer.url).pathname === "/sign-in") location.assign(calendar().dataset.address);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

/** Takes over the calendar as it now is, and what is said of it. The focus stays on the same appointment. */
function show(page, address, { said = true } = {}) {
  const focused = calendar().contains(document.activeElement) ? document.activeElement.getAttribute("href") ?? address : null;
  moving = null;
  calendar().replaceWith(document.adoptNode(page.getElementById("calendar")));
  calendar().dispatchEvent(new Event("replaced", { bubbles: true }));
  equip();
  if (said) {
    const news = document.adoptNode(page.getElementById("cal-said"));
    document.getElementById("cal-said").replaceWith(news);
    say(news.querySelector("p")?.textContent.trim() ?? "");
  }
  if (focused) calendar().querySelector(`a[href="${focused}"]`)?.focus({ preventScroll: true });
}

function refuse(words) {
  problem.textContent = words;
  problem.hidden = false;
}

/* By keyboard */

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-sequence]");
  if (!link || saving || !isGrid()) return;
  if (moving && !moving.item.isConnected) moving = null; // The calendar was replaced meanwhile.
  const held = moving?.link === link;
  if (event.key === "Escape" && held) {
    event.preventDefault();
    letGo();
    return say(calendar().dataset.back);
  }
  if (event.key === "Enter" && held && isElsewhere()) {
    event.preventDefault();
    return save();
  }
  if (!event.key.startsWith("Arrow") || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (!held) {
    letGo();
    take(link);
  }
  const step = stepOf(event);
  const down = { ArrowDown: step, ArrowUp: -step }[event.key];
  if (down && event.shiftKey) stretch(moving.rows + down);
  else if ("moves" in link.dataset) {
    if (down) put(moving.column, moving.row + down, moving.rows);
    else put(beside(event.key === "ArrowRight" ? 1 : -1), moving.row, moving.rows);
  }
  moving.item.scrollIntoView({ block: "nearest", inline: "nearest" });
  sayWhere();
});

function beside(way) {
  const all = columns();
  return all[all.indexOf(moving.column) + way] ?? moving.column;
}

document.addEventListener("focusout", (event) => {
  if (moving && !moving.carried && !moving.pointer && !saving && event.target === moving.link) letGo();
});

/* By pointer */

let press = null;

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.(".cal-item");
  const link = item?.querySelector("[data-sequence]");
  if (!link || press || event.button !== 0 || event.ctrlKey || saving || !isGrid()) return;
  const edge = event.target.matches(".cal-edge");
  if (!edge && !("moves" in link.dataset)) return;
  if (event.pointerType === "touch" && !event.target.matches(".cal-grip, .cal-edge")) return; // It scrolls.
  press = { link, item, edge, x: event.clientX, y: event.clientY, id: event.pointerId };
  item.dataset.busy = ""; // What is live waits from here on.
  if (event.target !== link && !link.contains(event.target)) event.preventDefault();
});

document.addEventListener("dragstart", (event) => {
  if (press) event.preventDefault(); // It is no address that is dragged.
});

document.addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  if (!press.link.isConnected) press = moving = null; // The calendar was replaced meanwhile.
  else if (!(event.buttons & 1)) giveUp(); // It was let go where nobody heard of it.
  if (!press) return;
  if (!moving?.pointer) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < FAR) return;
    letGo();
    take(press.link);
    moving.pointer = true;
    moving.grabbed = press.y - moving.item.getBoundingClientRect().top;
  }
  event.preventDefault();
  const column = press.edge ? moving.column : under(event.clientX) ?? moving.column;
  const height = rowHeight(column);
  const y = event.clientY - column.getBoundingClientRect().top;
  const by = (rows) => Math.round(rows / stepOf(event)) * stepOf(event);
  const { row, rows } = moving.from;
  if (press.edge) stretch(rows + by(y / height - row - rows));
  else put(column, row + by((y - moving.grabbed) / height - row), rows);
});

const under = (x) => columns().find((one) => {
  const box = one.getBoundingClientRect();
  return box.left <= x && x < box.right;
});

document.addEventListener("pointerup", (event) => {
  if (!press || event.pointerId !== press.id) return;
  release();
  if (!moving?.pointer) return;
  moving.pointer = false;
  swallowClick();
  save();
});

document.addEventListener("pointercancel", (event) => {
  if (event.pointerId === press?.id) giveUp();
});

addEventListener("blur", () => press && giveUp());

/** The press is over without a word: what is held goes back. */
function giveUp() {
  const { pointer } = moving ?? {};
  release();
  if (pointer) letGo();
}

/** The click that ends a drag opens nothing. */
function swallowClick() {
  addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
  setTimeout(() => dispatchEvent(new MouseEvent("click", { cancelable: true }))); // When none followed.
}

/** The press is over. What was only pressed, and not moved, is live again. */
function release() {
  if (press && !moving?.pointer) {
    delete press.item.dataset.busy;
    document.dispatchEvent(new Event("refresh"));
  }
  press = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !moving?.pointer) return;
  giveUp();
  addEventListener("pointerup", swallowClick, { once: true });
  say(calendar().dataset.back);
});

/* A free time is taken where it is pressed, at a quarter of an hour, and not only where it begins. */

document.addEventListener("click", (event) => {
  const gap = event.target.closest?.("[data-gap]");
  if (!gap || !event.detail || !isGrid()) return;
  const box = gap.getBoundingClientRect();
  const column = gap.closest(".cal-body");
  const first = Date.parse(gap.dataset.gap);
  const at = first + Math.floor((event.clientY - box.top) / rowHeight(column)) * ROW;
  const quarter = Math.max(first, Math.floor(at / (STEP * ROW)) * STEP * ROW);
  const address = new URL(gap.href);
  address.searchParams.set("at", `${new Date(quarter).toISOString().slice(0, 16)}Z`);
  gap.href = address.href;
});
