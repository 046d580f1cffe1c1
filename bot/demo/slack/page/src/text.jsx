// Slack's mrkdwn as text on the page: mentions, emoji, dates and links resolved.
import { Display } from "./display.jsx";

export function Mrkdwn({ text }) {
  return <Display block={{ type: "section", text: { type: "mrkdwn", text } }} />;
}

// Labels are plain text with at most an emoji in them.
export function plainText(object) {
  return object?.text ?? "";
}
