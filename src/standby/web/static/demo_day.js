// The demo page's salon side: clocks that run, and buttons that cancel without leaving the page.

/** Counts each open offer's clock down. Without this it says until when the time is held. */
function tick() {
  for (const time of document.querySelectorAll("#day [data-seconds-left]")) {
    time.dataset.end ??= performance.now() + 1000 * Number(time.dataset.secondsLeft);
    const left = Math.max(0, Math.ceil((Number(time.dataset.end) - performance.now()) / 1000));
    time.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    time.parentElement.classList.add("day-left-running");
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.closest("#day")) return;
  event.preventDefault();
  if (form.dataset.sent) return; // Not disabled: the button would lose the focus, which goes to the next one.
  form.dataset.sent = "yes";
  try {
    await fetch(form.action, { method: "POST", redirect: "manual" }); // What it changes comes back as an event.
  } catch {
    delete form.dataset.sent;
  }
});

tick();
setInterval(tick, 250);
