// Left column: workspace, channels, the app, and who is sitting at the keyboard.
import { Avatar } from "./avatar.jsx";
import { humans, personName, switcherText } from "./people.js";
import { useWorkspace } from "./workspace_context.js";

export function Sidebar({ place, onOpen, onPerson }) {
  const { workspace } = useWorkspace();
  const { team, app, channels, unread, botConnected } = workspace;
  const open = channels.filter((channel) => !channel.is_archived && !channel.is_im);
  const archived = channels.filter((channel) => channel.is_archived);
  const direct = channels.find((channel) => channel.is_im);
  return (
    <div className="sidebar">
      <div className="sidebar__team">
        <span className="sidebar__badge" aria-hidden="true">{team.name.slice(0, 1)}</span>
        <span className="sidebar__name">{team.name}<span className="sidebar__local">on this machine</span></span>
      </div>
      <nav className="sidebar__nav" aria-label="Workspace">
        <h2>Channels</h2>
        <ul>
          {open.map((channel) => (
            <Place key={channel.id} here={place === channel.id} onOpen={() => onOpen(channel.id)} unread={unread[channel.id]}>
              <span className="hash" aria-hidden="true">#</span>
              <span className="sidebar__label">{channel.name}</span>
            </Place>
          ))}
          {archived.map((channel) => (
            <Place key={channel.id} here={place === channel.id} onOpen={() => onOpen(channel.id)} quiet>
              <span className="hash" aria-hidden="true">▤</span>
              <span className="sidebar__label">{channel.name}</span>
              <span className="sidebar__hint">archived</span>
            </Place>
          ))}
        </ul>
        <h2>Apps</h2>
        <ul>
          <Place here={place === "home" || place === direct?.id} onOpen={() => onOpen("home")} unread={unread[direct?.id]}>
            <Avatar id={app.user_id} name={app.name} bot small />
            <span className="sidebar__label">{app.name}</span>
            <span className={botConnected ? "dot dot--on" : "dot"} title={botConnected ? "connected" : "offline"} />
          </Place>
        </ul>
      </nav>
      <PersonSwitcher onPerson={onPerson} />
    </div>
  );
}

function Place({ here, onOpen, unread = 0, quiet = false, children }) {
  const classes = ["sidebar__place", here && "sidebar__place--here", unread > 0 && "sidebar__place--unread", quiet && "sidebar__place--quiet"];
  return (
    <li>
      <button type="button" className={classes.filter(Boolean).join(" ")} aria-current={here ? "page" : undefined} onClick={onOpen}>
        {children}
        {unread > 0 && <span className="sidebar__count" aria-label={`${unread} new`}>{unread}</span>}
      </button>
    </li>
  );
}

function PersonSwitcher({ onPerson }) {
  const { workspace } = useWorkspace();
  return (
    <div className="person">
      <Avatar id={workspace.me} name={personName(workspace, workspace.me)} />
      <label className="person__label">
        <span>You are</span>
        <select value={workspace.me} onChange={(event) => onPerson(event.target.value)}>
          {humans(workspace).map((person) => (
            <option key={person.id} value={person.id}>{switcherText(person)}</option>
          ))}
        </select>
      </label>
    </div>
  );
}
