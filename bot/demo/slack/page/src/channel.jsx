// One channel (or the direct messages with the app): its name and topic, the log of its messages, and the composer.
import { useRef } from "react";
import { AppHeader, BotState } from "./app_header.jsx";
import { Composer } from "./composer.jsx";
import { post } from "./connection.js";
import { MessageLog } from "./log.jsx";
import { isReply } from "./workspace.js";
import { useWorkspace } from "./workspace_context.js";

export function ChannelView({ channel, onThread, onOpen }) {
  const { workspace, user, dispatch } = useWorkspace();
  const log = useRef(null);
  const messages = (workspace.messages[channel.id] ?? []).filter((message) => !isReply(message));
  const notices = (workspace.notices[channel.id] ?? []).filter((notice) => !notice.thread);
  const title = channel.is_im ? channel.name : `#${channel.name}`;

  const say = async (text) => {
    log.current?.follow();
    const answer = await post("say", { user, channel: channel.id, text });
    if (!answer.ok) dispatch({ type: "notice", channel: channel.id, text: answer.error });
  };

  return (
    <>
      {channel.is_im ? <AppHeader tab="messages" onOpen={onOpen} /> : <ChannelHeader channel={channel} />}
      <MessageLog ref={log} label={title} messages={messages} notices={notices} onThread={onThread} intro={<Intro title={title} />} />
      {channel.is_archived ? (
        <p className="composer composer--closed">This channel has been archived. Nothing can be posted here any more.</p>
      ) : (
        <Composer label="Message" placeholder={`Message ${title}`} onSend={say} withCommands />
      )}
    </>
  );
}

function ChannelHeader({ channel }) {
  return (
    <header className="place__header">
      <h1><span className="hash" aria-hidden="true">#</span>{channel.name}</h1>
      {channel.topic && <p className="place__topic">{channel.topic}</p>}
      <BotState />
    </header>
  );
}

function Intro({ title }) {
  return (
    <div className="intro">
      <p className="intro__name">{title}</p>
      <p>This is where it begins. Type <code>/</code> to see the commands.</p>
    </div>
  );
}
