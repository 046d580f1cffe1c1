// One message: who, when, its blocks or text, files, reactions, and the way into its thread.
import { memo } from "react";
import { Avatar } from "./avatar.jsx";
import { Blocks } from "./blocks.jsx";
import { post } from "./connection.js";
import { FormScope } from "./form.jsx";
import { authorOf } from "./people.js";
import { Mrkdwn } from "./text.jsx";
import { clockText, fullText } from "./times.js";
import { isReply } from "./workspace.js";
import { useDirectory } from "./workspace_context.js";

// What Slack itself notes down: "ana used /cost trend", "costbot was added".
const SYSTEM_LINES = new Set(["slash_command", "channel_join"]);

export const Message = memo(function Message({ message, compact = false, onThread = null }) {
  const author = authorOf(useDirectory(), message);
  if (SYSTEM_LINES.has(message.subtype)) return <SystemLine message={message} author={author} />;
  const classes = ["message", compact && "message--compact", message.ephemeral && "message--ephemeral"].filter(Boolean).join(" ");
  return (
    <article className={classes} aria-label={`${author.name}, ${clockText(message.ts)}`} data-ts={message.ts}>
      {message.ephemeral && <p className="message__private"><EyeIcon /> Only visible to you</p>}
      <div className="message__row">
        <div className="message__gutter">
          {compact ? <time className="message__time">{clockText(message.ts)}</time> : <Avatar id={author.id} name={author.name} bot={author.byBot} />}
        </div>
        <div className="message__body">
          {!compact && (
            <p className="message__head">
              <strong>{author.name}</strong>
              {author.byBot && <span className="tag">APP</span>}
              <time dateTime={message.ts} title={fullText(message.ts)}>{clockText(message.ts)}</time>
            </p>
          )}
          <Content message={message} />
          <Reactions reactions={message.reactions} />
          {onThread && <ThreadLink message={message} onThread={onThread} />}
        </div>
      </div>
      {onThread && !message.ephemeral && (
        <div className="message__tools">
          <button type="button" onClick={() => onThread(message.ts)}>Reply in thread</button>
        </div>
      )}
    </article>
  );
});

function SystemLine({ message, author }) {
  const text = message.subtype === "channel_join" ? `${author.name} ${message.text}` : message.text;
  return (
    <article className="systemline" aria-label={`${author.name}, ${clockText(message.ts)}`} title={fullText(message.ts)}>
      <Mrkdwn text={text} />
    </article>
  );
}

function Content({ message }) {
  const { user, dispatch } = useDirectory();
  const act = async (blockId, action, values) => {
    const answer = await post("action", {
      user,
      channel: message.channel,
      message_ts: message.ts,
      block_id: blockId,
      action,
      state: { values },
    });
    if (!answer.ok) dispatch({ type: "notice", channel: message.channel, thread: isReply(message) ? message.thread_ts : null, text: answer.error });
  };
  const edited = message.edited ? <span className="edited">(edited)</span> : null;
  const hasBlocks = message.blocks?.length > 0;
  return (
    <>
      {hasBlocks ? (
        <FormScope key={message.ts} blocks={message.blocks} onAction={act}>
          <Blocks blocks={message.blocks} files={message.files} />
        </FormScope>
      ) : (
        message.text && <Mrkdwn text={message.text} />
      )}
      {edited}
      <Files files={message.files} />
    </>
  );
}

function Files({ files = [] }) {
  return files.map((file) =>
    file.mimetype?.startsWith("image/") ? (
      <figure className="file file--image" key={file.id}>
        <figcaption>{file.title || file.name}</figcaption>
        <img src={file.url} alt={file.alt_txt || file.title || file.name} />
      </figure>
    ) : (
      <a className="file" key={file.id} href={file.url} download={file.name}>
        <span aria-hidden="true">▤</span> {file.name}
      </a>
    ),
  );
}

function Reactions({ reactions }) {
  if (!reactions?.length) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {reactions.map((reaction) => (
        <li key={reaction.name}>
          <Mrkdwn text={`:${reaction.name}:`} /> <span>{reaction.count ?? reaction.users?.length ?? 1}</span>
        </li>
      ))}
    </ul>
  );
}

function ThreadLink({ message, onThread }) {
  const count = message.reply_count ?? 0;
  if (count === 0) return null;
  return (
    <div className="threadline">
      <button type="button" className="threadlink" onClick={() => onThread(message.ts)}>
        {count === 1 ? "1 reply" : `${count} replies`}
      </button>
    </div>
  );
}

function EyeIcon() {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" strokeWidth="1.4" aria-hidden="true">
      <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z" />
      <circle cx="8" cy="8" r="2" />
    </svg>
  );
}
