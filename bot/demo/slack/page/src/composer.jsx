// The box a person types into, with completion of slash commands and their subcommands.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { completed, suggestionsFor } from "./suggestions.js";
import { useWorkspace } from "./workspace_context.js";

export function Composer({ label, placeholder, onSend, withCommands = false, autoFocus = false }) {
  const { workspace } = useWorkspace();
  const [text, setText] = useState("");
  const [active, setActive] = useState(-1);
  const [closed, setClosed] = useState(false);
  const box = useRef(null);
  const listId = useId();
  const found = withCommands && !closed ? suggestionsFor(text, workspace.commands, workspace.subcommands) : [];

  useLayoutEffect(() => {
    box.current.style.height = "auto";
    box.current.style.height = `${box.current.scrollHeight}px`;
  }, [text]);
  useEffect(() => {
    if (autoFocus) box.current.focus();
  }, [autoFocus]);

  const change = (next) => {
    setText(next);
    setActive(-1);
    setClosed(false);
  };
  const accept = (suggestion) => {
    change(completed(suggestion));
    box.current.focus();
  };
  const send = () => {
    if (!text.trim()) return;
    onSend(text.trim());
    change("");
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (found.length > 0 && handleListKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };

  // Enter takes a suggestion only when the person moved to one; otherwise it sends exactly what was typed.
  const handleListKey = (event) => {
    if (event.key === "ArrowDown") setActive((active + 1) % found.length);
    else if (event.key === "ArrowUp") setActive(active <= 0 ? found.length - 1 : active - 1);
    else if (event.key === "Escape") setClosed(true);
    else if (event.key === "Tab" && !event.shiftKey) accept(found[Math.max(active, 0)]);
    else if (event.key === "Enter" && !event.shiftKey && active >= 0) accept(found[active]);
    else return false;
    return true;
  };

  return (
    <div className="composer">
      {found.length > 0 && (
        <ul className="suggestions" role="listbox" id={listId} aria-label="Commands">
          {found.map((suggestion, index) => (
            <Suggestion key={suggestion.insert} id={`${listId}-${index}`} suggestion={suggestion} active={index === active} onAccept={accept} />
          ))}
        </ul>
      )}
      <div className="composer__box">
        <textarea
          ref={box}
          rows={1}
          value={text}
          aria-label={label}
          placeholder={placeholder}
          aria-autocomplete={withCommands ? "list" : undefined}
          aria-controls={found.length ? listId : undefined}
          aria-activedescendant={active >= 0 && found.length ? `${listId}-${active}` : undefined}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="composer__send" disabled={!text.trim()} onClick={send}>Send</button>
      </div>
      <p className="composer__hint" aria-hidden="true"><kbd>Enter</kbd> to send · <kbd>Shift</kbd>+<kbd>Enter</kbd> for a new line</p>
    </div>
  );
}

function Suggestion({ id, suggestion, active, onAccept }) {
  const row = useRef(null);
  useEffect(() => {
    if (active) row.current.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <li
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      className={active ? "suggestion suggestion--active" : "suggestion"}
      onPointerDown={(event) => {
        event.preventDefault();
        onAccept(suggestion);
      }}
    >
      <span className="suggestion__name">{suggestion.title}</span>
      {suggestion.hint && <span className="suggestion__hint">{suggestion.hint}</span>}
      <span className="suggestion__text">{suggestion.text}</span>
    </li>
  );
}
