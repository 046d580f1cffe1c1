// The app's Home tab for the person at the keyboard.
import { AppHeader } from "./app_header.jsx";
import { Blocks } from "./blocks.jsx";
import { post } from "./connection.js";
import { FormScope } from "./form.jsx";
import { useWorkspace } from "./workspace_context.js";

export function HomeView({ onOpen }) {
  const { workspace, user, dispatch } = useWorkspace();
  const { app, home } = workspace;
  const act = async (blockId, action, values) => {
    const answer = await post("action", { user, view_id: home.id, block_id: blockId, action, state: { values } });
    if (!answer.ok) dispatch({ type: "notice", channel: "home", text: answer.error });
  };
  const notices = workspace.notices.home ?? [];
  return (
    <>
      <AppHeader tab="home" onOpen={onOpen} />
      <section className="home" aria-label={`${app.name} Home`}>
        <div className="home__content">
          {notices.map((notice) => <p className="notice" role="status" key={notice.key}>{notice.text}</p>)}
          {home ? (
            <FormScope key={`${user}-${home.id}`} blocks={home.blocks} onAction={act}>
              <Blocks blocks={home.blocks} />
            </FormScope>
          ) : (
            <p className="home__empty">{app.name} has not published a Home tab for you yet.</p>
          )}
        </div>
      </section>
    </>
  );
}
