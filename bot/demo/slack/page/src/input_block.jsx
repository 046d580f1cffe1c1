// An input block: label, control, hint and, after a failed submit, the reason under it.
import { useId } from "react";
import { Choice } from "./choices.jsx";
import { Emojis } from "./emojis.jsx";
import { useForm } from "./form.jsx";

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

export function InputBlock({ block, blockId }) {
  const form = useForm();
  const id = useId();
  const { element } = block;
  const error = form.errors[blockId];
  const isGroup = GROUPS.has(element.type) || element.type.startsWith("multi_");
  const Label = isGroup ? "span" : "label";

  const change = (next) => {
    form.set(blockId, element.action_id, next);
    const { type, ...payload } = next;
    const isTyped = type.endsWith("_input");
    if (block.dispatch_action && !isTyped) form.act(blockId, element, payload);
  };
  // A text input with dispatch_action acts on Enter, as Slack's default "on_enter_pressed" does.
  const onKeyDown = (event) => {
    const typed = element.type.endsWith("_input") && !element.multiline;
    if (event.key !== "Enter" || !block.dispatch_action || !typed) return;
    event.preventDefault();
    const { type: _type, ...payload } = form.values[blockId][element.action_id];
    form.act(blockId, element, payload);
  };

  return (
    <div className={error ? "input input--wrong" : "input"} onKeyDown={onKeyDown} data-block-id={blockId}>
      <Label className="input__label" id={`${id}-label`} htmlFor={isGroup ? undefined : id}>
        <Emojis text={block.label?.text} />
        {block.optional && <span className="input__optional"> (optional)</span>}
      </Label>
      <Choice
        element={element}
        value={form.values[blockId]?.[element.action_id]}
        onChange={change}
        id={id}
        describedBy={error || block.hint ? `${id}-note` : undefined}
        invalid={Boolean(error)}
      />
      <p id={`${id}-note`} className="input__note">
        {error ? <span className="input__error" role="alert">{error}</span> : block.hint && <Emojis text={block.hint.text} />}
      </p>
    </div>
  );
}
