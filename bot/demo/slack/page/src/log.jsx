// The list of messages with date dividers and notices; stays at the newest message unless the reader scrolled up.
import { Fragment, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { Message } from "./message.jsx";
import { dateOf, dayKey, dayText } from "./times.js";

const NEAR_END_PX = 80;
const SAME_BREATH_S = 300;

export function MessageLog({ ref, label, messages, notices = [], onThread, intro = null }) {
  const box = useRef(null);
  const content = useRef(null);
  const following = useRef(true);
  const [away, setAway] = useState(false);

  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  const follow = () => {
    following.current = true;
    setAway(false);
    toEnd();
  };
  useImperativeHandle(ref, () => ({ follow }));

  useLayoutEffect(() => {
    if (following.current) toEnd();
  }, [messages.length, notices.length]);

  useEffect(() => {
    const watcher = new ResizeObserver(() => following.current && toEnd());
    watcher.observe(content.current);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);

  const onScroll = () => {
    const element = box.current;
    const nearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    following.current = nearEnd;
    setAway(!nearEnd);
  };

  return (
    <div className="log">
      <div className="log__scroll" role="log" aria-label={label} ref={box} onScroll={onScroll} tabIndex={0}>
        <div className="log__content" ref={content}>
          {intro}
          {notices.filter((notice) => !notice.after).map((notice) => <Notice key={notice.key} notice={notice} />)}
          {messages.map((message, index) => (
            <Fragment key={message.ts}>
              {startsDay(messages, index) && <DayDivider ts={message.ts} />}
              <Message message={message} compact={continuesSpeech(messages, index, notices)} onThread={onThread} />
              {notices.filter((notice) => belongsAfter(notice, messages, index)).map((notice) => <Notice key={notice.key} notice={notice} />)}
            </Fragment>
          ))}
        </div>
      </div>
      {away && <button type="button" className="log__jump" onClick={follow}>Jump to latest ↓</button>}
    </div>
  );
}

function startsDay(messages, index) {
  return index === 0 || dayKey(messages[index].ts) !== dayKey(messages[index - 1].ts);
}

function continuesSpeech(messages, index, notices) {
  if (startsDay(messages, index)) return false;
  const before = messages[index - 1];
  const message = messages[index];
  const sameAuthor = before.user === message.user && before.bot_id === message.bot_id;
  const soon = dateOf(message.ts) - dateOf(before.ts) < SAME_BREATH_S * 1000;
  const interrupted = notices.some((notice) => belongsAfter(notice, messages, index - 1));
  return sameAuthor && soon && !interrupted && !message.blocks?.length && !before.blocks?.length && !message.ephemeral && !before.ephemeral && !before.subtype;
}

// The message a notice follows may be gone, or be a reply that is not shown here: then the last one before it counts.
function belongsAfter(notice, messages, index) {
  if (!notice.after) return false;
  const next = messages[index + 1];
  return messages[index].ts <= notice.after && (!next || next.ts > notice.after);
}

function DayDivider({ ts }) {
  return (
    <div className="day" role="separator" aria-label={dayText(ts)}>
      <span aria-hidden="true">{dayText(ts)}</span>
    </div>
  );
}

function Notice({ notice }) {
  return (
    <p className="notice" role="status">
      <span className="notice__mark" aria-hidden="true">!</span> {notice.text} <em>Only visible to you</em>
    </p>
  );
}
