// In a frame on a salon's own site: says how high the page is, so that the frame can be as high, and that it is another one.

const tell = () => parent.postMessage({ standby: "height", height: Math.ceil(document.body.offsetHeight) }, "*");

new ResizeObserver(tell).observe(document.body);
tell();
parent.postMessage({ standby: "page" }, "*");
