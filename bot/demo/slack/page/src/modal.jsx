// The modal on top of the page: the last view of the stack, its form, and its errors.
import { useEffect, useId, useRef, useState } from "react";
import { Blocks } from "./blocks.jsx";
import { post } from "./connection.js";
import { Emojis } from "./emojis.jsx";
import { blockIdOf, FormScope, valuesOf } from "./form.jsx";
import { focusFirst, useModal } from "./use_modal.js";
import { problemWith } from "./values.js";
import { useWorkspace } from "./workspace_context.js";

export function ModalStack() {
  const { workspace } = useWorkspace();
  const { views } = workspace;
  if (views.length === 0) return null;
  return <Modal view={views[views.length - 1]} views={views} />;
}

function Modal({ view, views }) {
  const { user, dispatch } = useWorkspace();
  const [choicesByView, setChoicesByView] = useState({});
  const [trouble, setTrouble] = useState({ viewId: null, errors: {}, general: null });
  const [sending, setSending] = useState(false);
  const dialog = useRef(null);
  const titleId = useId();
  const choices = choicesByView[view.id] ?? {};
  const { errors, general } = trouble.viewId === view.id ? trouble : { errors: {}, general: null };

  useModal(dialog);
  useEffect(() => {
    const inBody = dialog.current.querySelector(".dialog__body").contains(document.activeElement);
    if (!inBody) focusFirst(dialog.current); // a "Loading…" view has no fields, the one that replaces it has
  }, [view.id, view.hash]);

  const leave = (viewId) => {
    dispatch({ type: "view", op: "close", view: { id: viewId } });
    post("close", { user, view_id: viewId });
  };
  const leaveAll = () => {
    dispatch({ type: "view", op: "close" });
    post("close", { user, view_id: view.root_view_id ?? views[0].id });
  };

  const act = async (blockId, action, values) => {
    const answer = await post("action", { user, view_id: view.id, block_id: blockId, action, state: { values } });
    if (!answer.ok) setTrouble({ viewId: view.id, errors: {}, general: answer.error });
  };
  const submit = async (event) => {
    event.preventDefault();
    if (sending) return;
    const values = valuesOf(view.blocks, choices);
    const found = problemsIn(view.blocks, values);
    if (Object.keys(found).length > 0) {
      setTrouble({ viewId: view.id, errors: found, general: null });
      return;
    }
    setSending(true);
    const answer = await post("submit", { user, view_id: view.id, state: { values } });
    setSending(false);
    setTrouble({ viewId: view.id, errors: answer.errors ?? {}, general: answer.error ?? null });
  };

  useEffect(() => {
    const first = Object.keys(errors)[0];
    if (first) dialog.current.querySelector(`[data-block-id="${CSS.escape(first)}"] :is(input, select, textarea)`)?.focus();
  }, [errors]);

  return (
    <dialog
      ref={dialog}
      className="dialog dialog--view"
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (event.target !== dialog.current) return; // a confirm dialog inside was cancelled, not this one
        event.preventDefault();
        leave(view.id);
      }}
    >
      <form noValidate onSubmit={submit}>
        <header className="dialog__header">
          <h2 id={titleId}><Emojis text={view.title?.text} /></h2>
          <button type="button" className="iconbutton" aria-label="Exit" onClick={leaveAll}>✕</button>
        </header>
        <div className="dialog__body">
          {general && <p className="dialog__trouble" role="alert">{general}</p>}
          <FormScope
            key={view.id}
            blocks={view.blocks}
            errors={errors}
            choices={choices}
            onChoices={(next) => setChoicesByView((all) => ({ ...all, [view.id]: next }))}
            onAction={act}
          >
            <Blocks blocks={view.blocks} />
          </FormScope>
        </div>
        <footer className="dialog__footer">
          <button type="button" className="button" onClick={() => leave(view.id)}>{view.close?.text ?? "Cancel"}</button>
          {view.submit && (
            <button type="submit" className={sending ? "button button--primary button--busy" : "button button--primary"} disabled={sending} aria-busy={sending || undefined}>
              <Emojis text={view.submit.text} />
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}

function problemsIn(blocks, values) {
  const found = {};
  blocks.forEach((block, index) => {
    if (block.type !== "input") return;
    const blockId = blockIdOf(block, index);
    const problem = problemWith(block, values[blockId][block.element.action_id]);
    if (problem) found[blockId] = problem;
  });
  return found;
}
