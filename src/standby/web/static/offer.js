// Counts an open offer down and flips the page when its time is over. Without it the page works all the same.
//
// The server says how many seconds are left; this phone's own clock is never asked what time it is.

const SAY_AT = [300, 60, 30];
const TRIES = 10; // to learn what followed the end, a second apart
const PATIENCE = 20_000; // ms until an answer is taken for lost

const announcer = document.querySelector("[data-announce]");
let pending = 0;

/** Starts on the page as it stands; `arrived` is when, on performance.now()'s clock, the server's figures came in. */
function begin(arrived, tries = TRIES) {
  clearTimeout(pending);
  const hold = document.querySelector(".hold");
  if (hold) countDown(hold, arrived + hold.dataset.secondsLeft * 1000);
  else if ("settling" in page().dataset && tries > 0) pending = setTimeout(refresh, 1000, tries - 1);
}

function page() {
  return document.querySelector("main");
}

function countDown(hold, deadline) {
  const timer = hold.querySelector("[role=timer]");
  const clock = hold.querySelector(".hold-clock");
  const rest = hold.querySelector(".hold-rest");
  let before = Infinity;
  const tick = () => {
    const left = Math.ceil((deadline - performance.now()) / 1000);
    if (left <= 0) return over();
    clock.textContent = written(left);
    rest.setAttribute("stroke-dasharray", `${(100 * left) / hold.dataset.window} 200`);
    hold.classList.toggle("hold-short", left <= 60);
    timer.hidden = false;
    const crossed = SAY_AT.find((mark) => left <= mark && mark < before);
    if (crossed && before !== Infinity) announce(announcer.getAttribute(`data-say-${crossed}`));
    before = left;
    pending = setTimeout(tick, deadline - performance.now() - (left - 1) * 1000);
  };
  tick();
}

/** 59 → 0:59, 3600 → 1:00:00 */
function written(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The time is over: the page says so at once, even without a network, and then asks what followed. */
function over() {
  if ("answering" in document.body.dataset) {
    pending = setTimeout(over, 1000); // The answer decides.
    return;
  }
  const ended = document.getElementById("when-over").content.cloneNode(true);
  turnTo(ended.querySelector("main"));
  refresh(TRIES);
}

/** Brings the page to what the server says now. Without a network everything stays as it is. */
async function refresh(tries = TRIES) {
  let fresh;
  let arrived;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    arrived = performance.now();
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    arrived = performance.now();
  }
  const next = fresh?.querySelector("main[data-state]");
  if (next?.dataset.state === "open" && page().dataset.state === "open") {
    page().querySelector(".hold").dataset.secondsLeft = next.querySelector(".hold").dataset.secondsLeft;
  } else if (next && next.innerHTML !== page().innerHTML) {
    document.title = fresh.title;
    turnTo(document.adoptNode(next));
  } else if (!next && page().dataset.state === "open") {
    return; // Count on from what we knew.
  }
  begin(arrived, tries);
}

/** To screen readers, or with another `look` to everybody. */
function announce(words, look = "unseen") {
  announcer.className = look;
  announcer.textContent = words;
}

function turnTo(next) {
  const hadFocus = page().contains(document.activeElement);
  const changed = next.dataset.state !== page().dataset.state;
  page().replaceWith(next);
  if (hadFocus) next.querySelector("h1").focus({ preventScroll: true });
  else if (changed) announce(next.querySelector("h1").textContent);
}

// One answer is enough, unless it is lost.
document.addEventListener("submit", (event) => {
  if ("answering" in document.body.dataset) return event.preventDefault();
  document.body.dataset.answering = "";
  const button = event.submitter ?? event.target.querySelector("button");
  const label = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-busy", "true");
  announce("");
  setTimeout(() => {
    delete document.body.dataset.answering;
    button.textContent = label;
    button.removeAttribute("aria-busy");
    announce(announcer.dataset.lost, "note");
    lookAgain();
  }, PATIENCE);
});

// A phone stops the clock of a page that nobody sees, and another answer may have come meanwhile.
document.addEventListener("visibilitychange", lookAgain);
window.addEventListener("online", lookAgain);

function lookAgain() {
  const unsettled = page().dataset.state === "open" || "settling" in page().dataset;
  if (unsettled && !document.hidden && !("answering" in document.body.dataset)) refresh();
}

window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

begin(performance.getEntriesByType("navigation")[0]?.responseStart ?? performance.now());
