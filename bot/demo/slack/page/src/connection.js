// The page's wire to the local workspace: live events in, what the person does out.
import { useEffect } from "react";

const RETRY_MS = 1000;
const MAX_REREADS = 3;
const NOT_FOUND = 404;

// Answers {ok: true}, or {ok: false, error}: a sentence for the person, or {ok: false, errors} by input block.
export async function post(path, body) {
  try {
    const answer = await fetch(`/page/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const data = await answer.json();
    return answer.ok ? data : { ok: false, error: `The workspace refused that: ${data.error}.` };
  } catch {
    return { ok: false, error: "The local workspace does not answer. Is the demo still running?" };
  }
}

async function readState(user) {
  const query = user ? `?user=${encodeURIComponent(user)}` : "";
  const answer = await fetch(`/page/state${query}`);
  if (!answer.ok) throw Object.assign(new Error(`state answered ${answer.status}`), { status: answer.status });
  return answer.json();
}

// Keeps one event stream open for a person; on every (re)connect the state is read afresh. A person the workspace does
// not know, from an old address, gives way to the default one.
export function useWorkspaceEvents(user, dispatch) {
  useEffect(() => {
    let closed = false;
    let source = null;
    let timer = null;
    let eventsSeen = 0;

    const retry = () => {
      if (closed || timer) return;
      dispatch({ type: "connection", connection: "lost" });
      source?.close();
      timer = setTimeout(() => {
        timer = null;
        connect();
      }, RETRY_MS);
    };

    // An event that comes while the state is on its way may be older or newer than it: then read once more.
    const load = async () => {
      for (let round = 0; round < MAX_REREADS; round += 1) {
        const before = eventsSeen;
        const state = await readState(user);
        if (closed) return;
        dispatch({ type: "state", state });
        if (eventsSeen === before) break;
      }
      dispatch({ type: "connection", connection: "open" });
    };

    const connect = () => {
      source = new EventSource(`/page/events?user=${encodeURIComponent(user ?? "")}`);
      source.onopen = () => load().catch(retry);
      source.onerror = () => {
        source.close();
        readState(user).then(retry, (problem) => {
          if (problem.status === NOT_FOUND && !closed) dispatch({ type: "unknown_person" });
          else retry();
        });
      };
      source.onmessage = (line) => {
        eventsSeen += 1;
        dispatch(JSON.parse(line.data));
      };
    };

    if (user) connect();
    else load().catch(retry); // the first visit: the state says who "me" is
    return () => {
      closed = true;
      clearTimeout(timer);
      source?.close();
    };
  }, [user, dispatch]);
}
