/* Brings a part of a page to what the server makes of it now, and leaves in place whatever is the same: the focus, what is
   open, typed or scrolled to, and where a screen reader reads. Loaded before live.js. */

const NAMED = "[id], [href], [action], [name]";
// What people act on, and lines of lists, are never made into others: whoever is about to press one gets that one or none.
const ITSELF = "a, button, input, select, textarea, option, label, form, details, li, tr";
const THEIRS = ["open", "tabindex"]; // attributes that the one who looks has set, or live.js

/* What a node is known by from one time to the next: its id, address, or name and value, or those of the first in it that
   has one. */
function nameOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeName;
  const known = node.matches(NAMED) ? node : node.querySelector(NAMED);
  const own = (attribute) => known?.getAttribute(attribute) ?? "";
  return [node.localName, own("id") || own("href") || own("action") || `${own("name")} ${own("value")}`].join(" ");
}

/* Each of the new nodes with the old one that it is, if there is one; and the old ones that are no more. */
function matched(old, now) {
  const known = new Map();
  for (const node of old) {
    const name = nameOf(node);
    known.has(name) ? known.get(name).push(node) : known.set(name, [node]);
  }
  const pairs = [...now].map((node) => [node, known.get(nameOf(node))?.shift()]);
  const gone = new Set([...known.values()].flat());
  for (const pair of pairs) {
    if (pair[1] || pair[0].matches?.(ITSELF)) continue;
    pair[1] = [...gone].find((node) => node.nodeName === pair[0].nodeName);
    gone.delete(pair[1]);
  }
  return [pairs, gone];
}

function renewAttributes(old, now) {
  for (const { name } of [...old.attributes]) {
    if (!now.hasAttribute(name) && !THEIRS.includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value && !(name === "open" && old.matches("details"))) old.setAttribute(name, value);
  }
}

function renew(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = now.data;
    return;
  }
  renewAttributes(old, now);
  const [pairs, gone] = matched(old.childNodes, now.childNodes);
  gone.forEach((node) => node.remove());
  let place = old.firstChild;
  for (const [node, mine] of pairs) {
    if (mine === place && mine) place = place.nextSibling;
    else old.insertBefore(mine ?? document.importNode(node, true), place);
    if (mine) renew(mine, node);
  }
}
