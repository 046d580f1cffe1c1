// The whole page: sidebar, the open place (a channel or App Home), an open thread, and the modal on top.
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { ChannelView } from "./channel.jsx";
import { post, useWorkspaceEvents } from "./connection.js";
import { HomeView } from "./home.jsx";
import { ModalStack } from "./modal.jsx";
import { Sidebar } from "./sidebar.jsx";
import { ThreadPane } from "./thread.jsx";
import { emptyWorkspace, workspaceReducer } from "./workspace.js";
import { Directory, Workspace } from "./workspace_context.js";

const HOME = "home";

function readAddress() {
  const query = new URLSearchParams(window.location.search);
  return { user: query.get("user"), place: query.get("channel") };
}

export function App() {
  const [workspace, dispatch] = useReducer(workspaceReducer, emptyWorkspace);
  const [user, setUser] = useState(() => readAddress().user);
  const [chosenPlace, setChosenPlace] = useState(() => readAddress().place);
  const [thread, setThread] = useState(null);

  const place = openPlace(workspace, chosenPlace);
  const placeRef = useRef(place);
  placeRef.current = place;

  // Events from the wire do not know which channel is open; the page adds it.
  const receive = useCallback((event) => {
    const openChannel = placeRef.current;
    if (event.type === "unknown_person") setUser(null);
    else if (event.type === "notice") dispatch({ channel: openChannel, ...event });
    else dispatch({ openChannel, ...event });
  }, []);
  useWorkspaceEvents(user, receive);

  useEffect(() => {
    if (!user && workspace.me) setUser(workspace.me);
  }, [user, workspace.me]);

  useEffect(() => {
    if (!workspace.loaded || !user) return;
    window.history.replaceState(null, "", `?user=${user}&channel=${place}`);
    document.title = `${titleOf(workspace, place)} – ${workspace.team.name}`;
  }, [workspace.loaded, workspace.team.name, user, place]);

  useEffect(() => {
    if (place === HOME && user && workspace.loaded) post("home", { user });
  }, [place, user, workspace.loaded]);

  const { users, channels, groups, app, me } = workspace;
  const directory = useMemo(
    () => ({ users, channels, groups, app, user: me, dispatch: receive }),
    [users, channels, groups, app, me, receive],
  );

  const open = (next) => {
    setChosenPlace(next);
    setThread(null);
    dispatch({ type: "read", channel: next });
  };
  const changePerson = (next) => {
    setThread(null);
    dispatch({ type: "switch_person" }); // nothing may be done in the old person's name while the new one's state loads
    setUser(next);
  };

  if (!workspace.loaded) return <Starting connection={workspace.connection} />;
  const channel = workspace.channels.find((each) => each.id === place);
  return (
    <Workspace value={{ workspace, user: me, dispatch: receive }}>
      <Directory value={directory}>
        <div className={thread ? "app app--thread" : "app"}>
          <Sidebar place={place} onOpen={open} onPerson={changePerson} />
          <main className="place">
            {workspace.connection !== "open" && <Reconnecting />}
            {channel ? <ChannelView key={channel.id} channel={channel} onThread={setThread} onOpen={open} /> : <HomeView onOpen={open} />}
          </main>
          {thread && channel && <ThreadPane key={thread} channel={channel} ts={thread} onClose={() => setThread(null)} />}
          <ModalStack />
        </div>
      </Directory>
    </Workspace>
  );
}

function openPlace(workspace, chosen) {
  if (chosen === HOME) return HOME;
  const known = workspace.channels.some((each) => each.id === chosen);
  if (known) return chosen;
  const first = workspace.channels.find((each) => !each.is_archived && !each.is_im);
  return first ? first.id : HOME;
}

function titleOf(workspace, place) {
  const channel = workspace.channels.find((each) => each.id === place);
  return channel && !channel.is_im ? `#${channel.name}` : workspace.app.name;
}

function Starting({ connection }) {
  return (
    <div className="starting" role="status">
      {connection === "lost" ? "The local workspace does not answer. Trying again…" : "Opening the workspace…"}
    </div>
  );
}

function Reconnecting() {
  return (
    <div className="banner" role="status">
      Connection to the local workspace lost. Reconnecting…
    </div>
  );
}
