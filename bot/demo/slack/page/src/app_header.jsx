// The app's name with its Home and Messages tabs, and whether the bot is there.
import { Avatar } from "./avatar.jsx";
import { useWorkspace } from "./workspace_context.js";

export function AppHeader({ tab, onOpen }) {
  const { workspace } = useWorkspace();
  const { app, channels } = workspace;
  const direct = channels.find((channel) => channel.is_im);
  return (
    <header className="place__header">
      <h1><Avatar id={app.user_id} name={app.name} bot small />{app.name}</h1>
      <nav className="tabs" aria-label={app.name}>
        <button type="button" aria-current={tab === "home" ? "page" : undefined} onClick={() => onOpen("home")}>Home</button>
        {direct && (
          <button type="button" aria-current={tab === "messages" ? "page" : undefined} onClick={() => onOpen(direct.id)}>Messages</button>
        )}
      </nav>
      <BotState />
    </header>
  );
}

export function BotState() {
  const { workspace } = useWorkspace();
  const { botConnected, app } = workspace;
  return (
    <span className={botConnected ? "botstate botstate--on" : "botstate"} role="status">
      <span className={botConnected ? "dot dot--on" : "dot"} aria-hidden="true" />
      {botConnected ? `${app.name} is connected` : `${app.name} is offline`}
    </span>
  );
}
