// Right pane: one message, its replies, and a composer for another reply.
import { useEffect, useRef } from "react";
import { Composer } from "./composer.jsx";
import { post } from "./connection.js";
import { MessageLog } from "./log.jsx";
import { repliesOf } from "./workspace.js";
import { useWorkspace } from "./workspace_context.js";

export function ThreadPane({ channel, ts, onClose }) {
  const { workspace, user, dispatch } = useWorkspace();
  const log = useRef(null);
  const messages = workspace.messages[channel.id] ?? [];
  const parent = messages.find((message) => message.ts === ts);
  const shown = [parent, ...repliesOf(messages, ts)].filter(Boolean);
  const notices = (workspace.notices[channel.id] ?? []).filter((notice) => notice.thread === ts);

  useEffect(() => {
    const onKey = (event) => {
      const busyElsewhere = event.defaultPrevented || document.querySelector("dialog[open]");
      if (event.key === "Escape" && !busyElsewhere) onClose();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onClose]);

  const warn = (text) => dispatch({ type: "notice", channel: channel.id, thread: ts, text });
  const reply = async (text) => {
    log.current?.follow();
    if (text.startsWith("/")) {
      warn(`${text.split(/\s/)[0]} is not supported in threads. Type it in #${channel.name}.`);
      return;
    }
    const answer = await post("say", { user, channel: channel.id, text, thread_ts: ts });
    if (!answer.ok) warn(answer.error);
  };

  return (
    <aside className="thread" aria-label="Thread">
      <header className="place__header">
        <h2>Thread</h2>
        <p className="place__topic">#{channel.name}</p>
        <button type="button" className="iconbutton" aria-label="Close thread" onClick={onClose}>✕</button>
      </header>
      <MessageLog ref={log} label={`Thread in ${channel.name}`} messages={shown} notices={notices} />
      <Composer label="Reply" placeholder="Reply…" onSend={reply} autoFocus />
    </aside>
  );
}
