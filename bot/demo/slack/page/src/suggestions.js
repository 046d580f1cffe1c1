// Which slash commands and subcommands fit what is typed so far. Pure.

export function suggestionsFor(text, commands, subcommands) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const words = text.split(" ");
  if (words.length === 1) {
    return commands.filter((each) => each.command.startsWith(words[0].toLowerCase())).map(commandSuggestion);
  }
  const command = commands.find((each) => each.command === words[0].toLowerCase());
  if (!command || words.length !== 2) return [];
  const matching = subcommands.filter((each) => each.name.startsWith(words[1].toLowerCase()));
  return matching.map((each) => subcommandSuggestion(command.command, each));
}

function commandSuggestion({ command, usage_hint: hint, description }) {
  return { insert: command, title: command, hint, text: description };
}

function subcommandSuggestion(command, { name, usage, summary }) {
  const full = `${command} ${name}`;
  return { insert: full, title: full, hint: argumentsOf(usage, command, name), text: summary };
}

// A usage may be written with or without "/cost trend" in front; only what follows the name is a hint.
function argumentsOf(usage = "", command, name) {
  let rest = usage.trim();
  for (const known of [command, name]) {
    if (rest === known || rest.startsWith(`${known} `)) rest = rest.slice(known.length).trim();
  }
  return rest;
}

export function completed(suggestion) {
  return `${suggestion.insert} `;
}
