// Names, roles and colours of the people (and the bot) in the directory.

const COLOURS = ["#7a3e9d", "#0f766e", "#b4552d", "#2f5fb3", "#8a6d1b", "#a83a62"];

const ROLE_TEXT = {
  approver: "FinOps, approver",
  engineer: "engineer",
  guest: "guest",
};

export function personName(directory, userId) {
  const person = directory.users.find((each) => each.id === userId);
  if (person) return person.name || person.real_name;
  if (userId === directory.app.user_id) return directory.app.name;
  return userId ?? "unknown";
}

export function switcherText(person) {
  const role = ROLE_TEXT[person.role] ?? person.role;
  const name = person.name || person.real_name;
  return role && role !== name ? `${name} – ${role}` : name;
}

export function humans(directory) {
  return directory.users.filter((each) => each.id !== directory.app.user_id && each.role !== "bot" && !each.is_bot);
}

export function authorOf(directory, message) {
  const byBot = Boolean(message.bot_id) || message.user === directory.app.user_id;
  const id = byBot ? directory.app.user_id : message.user;
  return { id, byBot, name: byBot ? directory.app.name : personName(directory, message.user) };
}

export function colourOf(id) {
  let sum = 0;
  for (const letter of id ?? "") sum += letter.charCodeAt(0);
  return COLOURS[sum % COLOURS.length];
}
