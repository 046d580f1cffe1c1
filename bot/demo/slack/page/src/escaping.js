// What the library would read differently than Slack does, kept out of its sight.
//
// slack-blocks-to-jsx turns "&lt;" into "<" before it looks for mentions, so that the escaped tag name
// "&lt;!channel&gt;" would be drawn as a mention of everybody. Stand-ins from the private use area go through it
// untouched and are put back in the text nodes it made. The same for Markdown's "[text](address)", which Slack shows as
// typed; and no image of a Markdown block is loaded, it becomes a link to it.

const STAND_INS = { "<": "\uE000", ">": "\uE001", "&": "\uE002", "(": "\uE003" };
const ORIGINALS = Object.fromEntries(Object.entries(STAND_INS).map(([original, standIn]) => [standIn, original]));
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

// "&gt;" at the start of a line is how a quote is written; the library knows it.
function hiddenInMrkdwn(text) {
  const safe = text.replace(/(^|\n)&gt;|&(?:lt|gt|amp);/g, (found, lineStart) => (lineStart === undefined ? STAND_INS[ENTITIES[found]] : found));
  return safe.replaceAll("](", `]${STAND_INS["("]}`);
}

function hiddenInPlain(text) {
  return text.replace(/[<>&]/g, (character) => STAND_INS[character]);
}

const PLAIN = new Set(["plain_text", "raw_text", "text"]);

export function hideEscaped(node) {
  if (Array.isArray(node)) return node.map(hideEscaped);
  if (node === null || typeof node !== "object") return node;
  if (node.type === "mrkdwn" && typeof node.text === "string") return { ...node, text: hiddenInMrkdwn(node.text) };
  if (node.type === "markdown" && typeof node.text === "string") return { ...node, text: node.text.replaceAll("![", "[") };
  if (PLAIN.has(node.type) && typeof node.text === "string") return { ...node, text: hiddenInPlain(node.text) };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, hideEscaped(value)]));
}

export function restoredAddress(address) {
  return restored(address.replace(/%EE%80%8[0-3]/gi, (encoded) => decodeURIComponent(encoded)));
}

export function restored(text) {
  return text.replace(/[\uE000-\uE003]/g, (standIn) => ORIGINALS[standIn]);
}

export function restoreIn(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const shown = restored(walker.currentNode.data);
    if (shown !== walker.currentNode.data) walker.currentNode.data = shown;
  }
}
