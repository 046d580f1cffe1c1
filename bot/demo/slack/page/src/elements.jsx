// Interactive elements outside inputs: they act as soon as the person uses them.
import { useEffect, useId, useRef, useState } from "react";
import { Choice } from "./choices.jsx";
import { UnknownBlock } from "./display.jsx";
import { useForm } from "./form.jsx";
import { Emojis } from "./emojis.jsx";
import { isStateful } from "./values.js";

export function Element({ element, blockId }) {
  if (element.type === "button" || element.type === "workflow_button") return <Button element={element} blockId={blockId} />;
  if (element.type === "overflow") return <Overflow element={element} blockId={blockId} />;
  if (element.type === "feedback_buttons") return <FeedbackButtons element={element} blockId={blockId} />;
  if (element.type === "icon_button") return <IconButton element={element} blockId={blockId} />;
  if (isStateful(element)) return <LiveChoice element={element} blockId={blockId} />;
  return <UnknownBlock block={element} />;
}

function useBusy(work) {
  const [busy, setBusy] = useState(false);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = async (...args) => {
    setBusy(true);
    await work(...args);
    if (mounted.current) setBusy(false);
  };
  return [busy, run];
}

function Button({ element, blockId }) {
  const form = useForm();
  const [busy, press] = useBusy(async () => {
    const agreed = await form.act(blockId, element, { text: element.text, value: element.value });
    if (agreed && element.url) openOutside(element.url);
  });
  const style = element.style ? `button--${element.style}` : "";
  return (
    <button
      type="button"
      className={`button ${style} ${busy ? "button--busy" : ""}`}
      aria-description={element.accessibility_label}
      aria-busy={busy || undefined}
      onClick={press}
    >
      <Emojis text={element.text?.text} />
      {element.url && <OutsideIcon />}
    </button>
  );
}

function OutsideIcon() {
  return (
    <svg className="button__outside" viewBox="0 0 12 12" width="11" height="11" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M3 9L9 3M4.5 3H9V7.5" />
    </svg>
  );
}

function openOutside(url) {
  if (/^(https?:|mailto:)/i.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}

// A select, date picker or group of boxes in an actions block or beside a section.
function LiveChoice({ element, blockId }) {
  const form = useForm();
  const value = form.values[blockId]?.[element.action_id];
  const change = async (next) => {
    const before = value;
    form.set(blockId, element.action_id, next);
    const { type: _type, ...payload } = next;
    const agreed = await form.act(blockId, element, payload);
    if (!agreed) form.set(blockId, element.action_id, before);
  };
  return <Choice element={element} value={value} onChange={change} label={element.placeholder?.text ?? "Choose"} />;
}

function Overflow({ element, blockId }) {
  const form = useForm();
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  const menuId = useId();
  useEffect(() => {
    if (!open) return undefined;
    box.current.querySelector("[role=menuitem]")?.focus();
    const onOutside = (event) => !box.current.contains(event.target) && setOpen(false);
    document.addEventListener("pointerdown", onOutside);
    return () => document.removeEventListener("pointerdown", onOutside);
  }, [open]);

  const onKeyDown = (event) => {
    const items = [...box.current.querySelectorAll("[role=menuitem]")];
    const here = items.indexOf(document.activeElement);
    if (event.key === "Escape" && open) setOpen(false);
    else if (event.key === "ArrowDown" && open) items[(here + 1) % items.length].focus();
    else if (event.key === "ArrowUp" && open) items[(here - 1 + items.length) % items.length].focus();
    else return;
    event.preventDefault();
  };
  const choose = (option) => {
    setOpen(false);
    form.act(blockId, element, { selected_option: option });
    if (option.url) openOutside(option.url);
  };
  return (
    <div className="overflow" ref={box} onKeyDown={onKeyDown}>
      <button type="button" className="button" aria-label="More actions" aria-haspopup="menu" aria-expanded={open} aria-controls={open ? menuId : undefined} onClick={() => setOpen(!open)}>
        ⋯
      </button>
      {open && (
        <div role="menu" id={menuId} className="overflow__menu">
          {element.options.map((option) => (
            <button key={option.value} type="button" role="menuitem" onClick={() => choose(option)}>
              <Emojis text={option.text.text} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function FeedbackButtons({ element, blockId }) {
  const form = useForm();
  const [given, setGiven] = useState(null);
  const give = (button) => {
    setGiven(button.value);
    form.act(blockId, element, { value: button.value });
  };
  return [element.positive_button, element.negative_button].filter(Boolean).map((button) => (
    <button key={button.value} type="button" className="button button--quiet" aria-label={button.accessibility_label} aria-pressed={given === button.value} onClick={() => give(button)}>
      <Emojis text={button.text?.text} />
    </button>
  ));
}

function IconButton({ element, blockId }) {
  const form = useForm();
  const label = element.accessibility_label ?? element.text?.text ?? element.icon;
  return (
    <button type="button" className="button button--quiet" aria-label={label} onClick={() => form.act(blockId, element, { value: element.value })}>
      {element.icon === "trash" ? "🗑" : element.text?.text}
    </button>
  );
}
