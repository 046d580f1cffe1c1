// Controls for every stateful element, on the browser's own form controls.
import { useId } from "react";
import { Emojis } from "./emojis.jsx";
import { humans } from "./people.js";
import { isMany, valueKey } from "./values.js";
import { useDirectory } from "./workspace_context.js";

const FIELD_TYPES = {
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
};

// `label` names the control when no <label> points at `id`.
export function Choice({ element, value, onChange, id, label, describedBy, invalid = false }) {
  const directory = useDirectory();
  const key = valueKey(element);
  const change = (next) => onChange({ type: element.type, [key]: next });
  const naming = { id, "aria-label": id ? undefined : label, "aria-describedby": describedBy, "aria-invalid": invalid || undefined };
  const current = value?.[key];

  if (element.type === "radio_buttons") return <Radios element={element} current={current} change={change} naming={naming} />;
  if (element.type === "datetimepicker") return <DateTime current={current} change={change} naming={naming} />;
  if (isMany(element)) return <Boxes options={optionsOf(element, directory)} element={element} current={current ?? []} change={change} naming={naming} />;
  if (element.type.endsWith("_select")) return <Select options={optionsOf(element, directory)} element={element} current={current} change={change} naming={naming} />;
  return <Field element={element} current={current} change={change} naming={naming} />;
}

// Every choice as {key, text, value, group}: `value` is what Slack would report for it.
function optionsOf(element, directory) {
  if (element.type.includes("users_select")) {
    return humans(directory).map((person) => ({ key: person.id, text: person.name, value: person.id }));
  }
  if (element.type.includes("conversations_select") || element.type.includes("channels_select")) {
    const open = directory.channels.filter((channel) => !channel.is_archived);
    return open.map((channel) => ({ key: channel.id, text: `#${channel.name}`, value: channel.id }));
  }
  const grouped = (element.option_groups ?? []).flatMap((group) => group.options.map((option) => ({ option, group: group.label.text })));
  const single = (element.options ?? []).map((option) => ({ option }));
  return [...single, ...grouped].map(({ option, group }) => ({
    key: option.value,
    text: option.text.text,
    hint: option.description?.text,
    value: option,
    group,
  }));
}

function keyOf(value) {
  return value && typeof value === "object" ? value.value : (value ?? "");
}

function Select({ options, element, current, change, naming }) {
  const groups = [...new Set(options.map((option) => option.group))];
  const pick = (key) => change(options.find((option) => option.key === key)?.value ?? null);
  return (
    <select {...naming} className="select" value={keyOf(current)} data-focus={element.focus_on_load || undefined} onChange={(event) => pick(event.target.value)}>
      <option value="" disabled={!naming.id}>{element.placeholder?.text ?? "Choose…"}</option>
      {groups.map((group) => {
        const rows = options.filter((option) => option.group === group).map((option) => (
          <option key={option.key} value={option.key}><Emojis text={option.text} /></option>
        ));
        return group ? <optgroup key={group} label={group}>{rows}</optgroup> : rows;
      })}
    </select>
  );
}

function Radios({ element, current, change, naming }) {
  const name = useId();
  const { id, ...rest } = naming;
  return (
    <div role="radiogroup" className="options" aria-labelledby={id ? `${id}-label` : undefined} {...rest}>
      {element.options.map((option, index) => (
        <label key={option.value} className="option">
          <input type="radio" name={name} id={index === 0 ? id : undefined} checked={keyOf(current) === option.value} onChange={() => change(option)} />
          <OptionText text={option.text.text} hint={option.description?.text} />
        </label>
      ))}
    </div>
  );
}

function Boxes({ options, element, current, change, naming }) {
  const { id, ...rest } = naming;
  const chosen = new Set(current.map(keyOf));
  const toggle = (key) => change(options.filter((option) => chosen.has(option.key) !== (option.key === key)).map((option) => option.value));
  const scrolls = element.type.startsWith("multi_") ? "options options--many" : "options";
  return (
    <div role="group" className={scrolls} aria-labelledby={id ? `${id}-label` : undefined} {...rest}>
      {options.map((option, index) => (
        <label key={option.key} className="option">
          <input type="checkbox" id={index === 0 ? id : undefined} checked={chosen.has(option.key)} onChange={() => toggle(option.key)} />
          <OptionText text={option.text} hint={option.hint} />
        </label>
      ))}
    </div>
  );
}

function OptionText({ text, hint }) {
  return (
    <span>
      <Emojis text={text} />
      {hint && <span className="option__hint">{hint}</span>}
    </span>
  );
}

function Field({ element, current, change, naming }) {
  const common = {
    ...naming,
    className: "field",
    value: current ?? "",
    placeholder: element.placeholder?.text,
    "data-focus": element.focus_on_load || undefined,
    maxLength: element.max_length,
    onChange: (event) => change(event.target.value === "" ? null : event.target.value),
  };
  if (element.multiline) return <textarea rows={4} {...common} />;
  if (element.type === "number_input") return <input type="text" inputMode="decimal" {...common} />;
  return <input type={FIELD_TYPES[element.type] ?? "text"} {...common} />;
}

function DateTime({ current, change, naming }) {
  const local = current ? new Date((current - new Date(current * 1000).getTimezoneOffset() * 60) * 1000).toISOString().slice(0, 16) : "";
  const set = (text) => change(text ? Math.floor(new Date(text).getTime() / 1000) : null);
  return <input type="datetime-local" className="field" {...naming} value={local} onChange={(event) => set(event.target.value)} />;
}
