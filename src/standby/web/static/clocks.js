/* Runs the clocks of a page: [data-until] is the number of seconds that are left, counted from when the page came. */

const LATE = 5000; // ms between two times that the page is asked for because a clock is over
const ends = new WeakMap(); // a clock → what its data-until was, and when that is over
let askedAt = -LATE;

function left(clock) {
  const { until } = clock.dataset;
  if (ends.get(clock)?.until !== until) {
    ends.set(clock, { until, over: performance.now() + until * 1000 });
  }
  return Math.max(0, Math.ceil((ends.get(clock).over - performance.now()) / 1000));
}

function told(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-until]")) {
    const seconds = left(clock);
    const text = told(seconds);
    clock.dataset.said ??= clock.textContent.trim();
    if (clock.textContent !== text) {
      clock.textContent = text;
      clock.classList.toggle("is-short", seconds <= 60);
      clock.title ||= clock.dataset.said;
      if (seconds === 0 && performance.now() - askedAt > LATE) {
        askedAt = performance.now();
        clock.dispatchEvent(new CustomEvent("refresh", { bubbles: true }));
      }
    }
  }
}

tick();
setInterval(tick, 250);
document.addEventListener("fresh", (event) => {
  event.target.querySelectorAll("[data-until]").forEach((clock) => ends.delete(clock)); // Their numbers are new.
  tick();
});
