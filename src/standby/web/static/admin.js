/* Keeps the numbers and pictures of an operator's page fresh. Nothing to press is replaced, and the page is whole without. */

const EVERY = 5000;

async function refresh() {
  if (document.hidden) {
    return;
  }
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (now && now.innerHTML !== part.innerHTML) {
      part.replaceChildren(...now.cloneNode(true).childNodes);
      part.className = now.className;
    }
  }
}

setInterval(() => refresh().catch(() => {}), EVERY);
