// Puts a salon's booking into a page of its own site, where this stands:
//   <script src="https://book.example.com/embed.js" data-salon="salon-fjord" async></script>
// It only makes a frame, in the page's language if it says one that we have, and makes it as high as what is in it.
(() => {
  const script = document.currentScript;
  const address = new URL(`/${encodeURIComponent(script.dataset.salon)}?embed=1`, script.src);
  const said = (script.closest("[lang]")?.lang ?? "").toLowerCase().split("-")[0];
  const language = { en: "en", nb: "nb", nn: "nb", no: "nb" }[said];
  if (language) address.searchParams.set("in", language);
  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = script.dataset.title ?? (language === "nb" ? "Timebestilling" : "Booking");
  frame.style.cssText = "display:block;width:100%;height:40rem;border:0";
  script.after(frame);
  let pages = 0;
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== address.origin) return;
    if (event.data?.standby === "height") frame.style.height = `${Number(event.data.height)}px`;
    // The next page begins at its top: whoever pressed a button at the end of a long one would be left below it.
    if (event.data?.standby === "page" && pages++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
})();
