// Names, roles and colours of the people (and the bot) in the workspace.

const COLOURS = ["#7a3e9d", "#0f766e", "#b4552d", "#2f5fb3", "#8a6d1b", "#a83a62"];

const ROLE_TEXT = {
  approver: "FinOps, approver",
  engineer: "engineer",
  guest: "guest",
};

export function personName(workspace, userId) {
  const person = workspace.users.find((each) => each.id === userId);
  if (person) return person.name || person.real_name;
  if (userId === workspace.app.user_id) return workspace.app.name;
  return userId ?? "unknown";
}

export function switcherText(person) {
  const role = ROLE_TEXT[person.role] ?? person.role;
  const name = person.name || person.real_name;
  return role && role !== name ? `${name} – ${role}` : name;
}

export function humans(workspace) {
  return workspace.users.filter((each) => each.id !== workspace.app.user_id && each.role !== "bot" && !each.is_bot);
}

export function authorOf(workspace, message) {
  const byBot = Boolean(message.bot_id) || message.user === workspace.app.user_id;
  const id = byBot ? workspace.app.user_id : message.user;
  return { id, byBot, name: byBot ? workspace.app.name : personName(workspace, message.user) };
}

export function colourOf(id) {
  let sum = 0;
  for (const letter of id ?? "") sum += letter.charCodeAt(0);
  return COLOURS[sum % COLOURS.length];
}
