// What the person has chosen and typed in one message or view, in the shape of Slack's state.values.
import { createContext, useContext, useMemo, useRef, useState } from "react";
import { confirmFirst, ConfirmDialog } from "./confirm.jsx";
import { initialValue, isStateful } from "./values.js";

const Form = createContext(null);

export function useForm() {
  return useContext(Form);
}

export function elementsOf(block) {
  return [block.accessory, block.element, ...(block.elements ?? [])].filter(Boolean);
}

export function blockIdOf(block, index) {
  return block.block_id ?? `block-${index}`;
}

// A choice survives an update of its message or view as long as block_id and action_id stay the same, as in Slack.
export function valuesOf(blocks, choices) {
  const values = {};
  blocks.forEach((block, index) => {
    const blockId = blockIdOf(block, index);
    for (const element of elementsOf(block)) {
      if (!isStateful(element)) continue;
      values[blockId] ??= {};
      values[blockId][element.action_id] = choices[blockId]?.[element.action_id] ?? initialValue(element);
    }
  });
  return values;
}

export function FormScope({ blocks, onAction, errors = {}, choices: held, onChoices: hold, children }) {
  const [own, setOwn] = useState({});
  const [question, setQuestion] = useState(null);
  const latest = useRef(null);
  const choices = held ?? own;
  latest.current = choices;
  const values = useMemo(() => valuesOf(blocks, choices), [blocks, choices]);

  const set = (blockId, actionId, value) => {
    const next = { ...latest.current, [blockId]: { ...latest.current[blockId], [actionId]: value } };
    latest.current = next;
    (hold ?? setOwn)(next);
  };
  const act = async (blockId, element, payload) => {
    const agreed = !element.confirm || (await confirmFirst(element.confirm, setQuestion));
    if (!agreed) return false;
    const action = { type: element.type, action_id: element.action_id, block_id: blockId, ...payload };
    await onAction(blockId, action, valuesOf(blocks, latest.current));
    return true;
  };

  return (
    <Form.Provider value={{ values, errors, set, act }}>
      {children}
      {question && <ConfirmDialog question={question} />}
    </Form.Provider>
  );
}
