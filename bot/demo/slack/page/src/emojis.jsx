// Plain text with its :emoji: names drawn.
import { emojify } from "node-emoji";

export function Emojis({ text = "" }) {
  return emojify(text);
}
