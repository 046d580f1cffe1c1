// The "are you sure?" dialog an element may ask for before it acts.
import { useId, useRef } from "react";
import { useModal } from "./use_modal.js";
import { Mrkdwn } from "./text.jsx";

export function confirmFirst(confirm, ask) {
  return new Promise((resolve) => {
    const answer = (agreed) => {
      ask(null);
      resolve(agreed);
    };
    ask({ confirm, answer });
  });
}

export function ConfirmDialog({ question }) {
  const { confirm, answer } = question;
  const dialog = useRef(null);
  const titleId = useId();
  const textId = useId();
  useModal(dialog);
  const isDanger = confirm.style === "danger";
  return (
    <dialog
      ref={dialog}
      className="dialog dialog--confirm"
      role="alertdialog"
      aria-labelledby={titleId}
      aria-describedby={textId}
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <header className="dialog__header"><h2 id={titleId}>{confirm.title?.text ?? "Are you sure?"}</h2></header>
      <div className="dialog__body" id={textId}>
        {confirm.text?.type === "mrkdwn" ? <Mrkdwn text={confirm.text.text} /> : <p className="plain">{confirm.text?.text}</p>}
      </div>
      <footer className="dialog__footer">
        <button type="button" className="button" onClick={() => answer(false)}>{confirm.deny?.text ?? "Cancel"}</button>
        <button type="button" className={isDanger ? "button button--danger" : "button button--primary"} onClick={() => answer(true)}>
          {confirm.confirm?.text ?? "Yes"}
        </button>
      </footer>
    </dialog>
  );
}
