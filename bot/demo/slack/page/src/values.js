// Empty and initial values of stateful elements, as Slack puts them into state.values. Pure.

const NAMES = {
  plain_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  checkboxes: ["selected_options", "initial_options"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
};

export function isStateful(element) {
  return element.type in NAMES;
}

export function valueKey(element) {
  return NAMES[element.type][0];
}

export function isMany(element) {
  return element.type === "checkboxes" || element.type.startsWith("multi_");
}

export function initialValue(element) {
  const [key, initialKey] = NAMES[element.type];
  const empty = isMany(element) ? [] : null;
  return { type: element.type, [key]: element[initialKey] ?? empty };
}

export function isEmpty(value) {
  const { type: _type, ...content } = value;
  const [chosen] = Object.values(content);
  return chosen === null || chosen === undefined || chosen === "" || (Array.isArray(chosen) && chosen.length === 0);
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

// The sentence Slack would show under an input before anything is sent, or null.
export function problemWith(block, value) {
  const { element } = block;
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  if (element.type === "plain_text_input") return lengthProblem(element, value.value);
  if (element.type === "number_input") return numberProblem(element, value.value);
  if (element.type === "email_text_input" && !EMAIL.test(value.value)) return "Enter a valid email address.";
  if (element.type === "url_text_input" && !URL.canParse(value.value)) return "Enter a valid URL.";
  const most = element.max_selected_items;
  if (most && isMany(element) && value[valueKey(element)].length > most) return `Choose at most ${most}.`;
  return null;
}

function lengthProblem({ min_length: least, max_length: most }, text) {
  if (least && text.length < least) return `Enter at least ${least} characters.`;
  if (most && text.length > most) return `Enter at most ${most} characters.`;
  return null;
}

function numberProblem({ min_value: least, max_value: most, is_decimal_allowed: decimals }, text) {
  const number = Number(text);
  if (!Number.isFinite(number)) return "Enter a number.";
  if (!decimals && !Number.isInteger(number)) return "Enter a whole number.";
  if (least != null && number < Number(least)) return `Enter ${least} or more.`;
  if (most != null && number > Number(most)) return `Enter ${most} or less.`;
  return null;
}
