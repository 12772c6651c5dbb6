// Keeps the demo's phones up to date. Without it the page has a link that looks for new messages.

const announcer = document.querySelector("[data-announce]");
const news = document.querySelector("[data-news]");
const inSight = new IntersectionObserver((seen) => {
  if (seen.some((one) => one.isIntersecting)) news.hidden = true;
});
let asking = false;
let askAgain = false;
let shown = document.getElementById("phones").innerHTML;

/** Gets the page anew and takes over its phones; arrivals meanwhile lead to one more round. */
async function refresh() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  do {
    askAgain = false;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      break; // The events come back when the server does, and with them the next try.
    }
  } while (askAgain);
  asking = false;
}

function show(fresh) {
  document.getElementById("steps").replaceWith(document.adoptNode(fresh.getElementById("steps")));
  showDay(fresh);
  const next = document.adoptNode(fresh.getElementById("phones"));
  if (next.innerHTML !== shown) showPhones(next);
}

function showPhones(next) {
  shown = next.innerHTML;
  const old = document.getElementById("phones");
  const known = new Set([...old.querySelectorAll(".bubble")].map((bubble) => bubble.id));
  const arrived = [...next.querySelectorAll(".bubble")].filter((bubble) => !known.has(bubble.id));
  const focused = old.contains(document.activeElement) && document.activeElement.id;
  for (const words of old.querySelectorAll(".phone-words")) {
    const again = words.value && next.querySelector(`#${CSS.escape(words.id)}`);
    if (again) again.value = words.value;
  }
  for (const bubble of arrived) bubble.classList.add("bubble-new");
  old.replaceWith(next);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const told = arrived.map((bubble) => bubble.dataset.told).filter(Boolean);
  if (told.length) announcer.textContent = told.join(". ");
  showNews(arrived.find((bubble) => bubble.classList.contains("bubble-asks")));
}

/** Says what has arrived until its button is in sight, or nothing is asked there any more. */
function showNews(bubble) {
  if (bubble) {
    news.textContent = bubble.dataset.told;
    news.href = `#${bubble.id}`;
    news.hidden = false;
  }
  inSight.disconnect();
  const asked = news.hidden ? null : document.getElementById(news.hash.slice(1));
  news.hidden = !asked?.matches(".bubble-asks");
  if (!news.hidden) inSight.observe(asked.querySelector(".answer-here"));
}

/** The salon's day, if the page has it. A cancelled appointment's button is gone, so the focus goes to the next one. */
function showDay(fresh) {
  const old = document.getElementById("day");
  const next = fresh.getElementById("day");
  if (!old || !next) return;
  const buttons = [...old.querySelectorAll("button")];
  const place = buttons.indexOf(document.activeElement);
  const focused = place < 0 ? null : document.activeElement.id;
  old.replaceWith(document.adoptNode(next));
  if (focused) (document.getElementById(focused) ?? next.querySelectorAll("button")[place])?.focus({ preventScroll: true });
}

/** An answer is sent without leaving the page; what comes of it arrives as everything else does. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".phone-write, .bubble-buttons")) return;
  event.preventDefault();
  const answer = new FormData(form, event.submitter);
  form.querySelector(".phone-words")?.form.reset();
  await fetch(form.action, { method: "POST", body: new URLSearchParams(answer) });
  refresh();
});

const events = new EventSource("/demo/events");
events.addEventListener("arrival", refresh);
events.addEventListener("open", () => {
  live(true);
  refresh(); // What arrived before somebody listened.
});
events.addEventListener("error", () => live(false));

function live(connected) {
  document.querySelector(".live").hidden = !connected;
  const reload = document.querySelector(".reload");
  if (reload) reload.hidden = connected;
}
