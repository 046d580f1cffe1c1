// What the page knows about the workspace, and how each event changes it. Pure: no network, no clock.

export const emptyWorkspace = {
  loaded: false,
  me: null,
  team: { id: "", name: "" },
  app: { user_id: "", name: "" },
  users: [],
  channels: [],
  groups: [],
  commands: [],
  subcommands: [],
  messages: {},
  home: null,
  botConnected: true,
  connection: "connecting",
  views: [],
  notices: {},
  unread: {},
};

export function workspaceReducer(workspace, event) {
  switch (event.type) {
    case "state":
      return withState(workspace, event.state);
    case "switch_person":
      return { ...emptyWorkspace };
    case "connection":
      return { ...workspace, connection: event.connection };
    case "message":
      return withMessage(workspace, event.message, event.openChannel);
    case "message_changed":
      return withMessage(workspace, event.message, event.message.channel);
    case "message_deleted":
      return withoutMessage(workspace, event.message);
    case "view":
      return { ...workspace, views: viewStack(workspace.views, event) };
    case "home":
      return { ...workspace, home: event.view };
    case "notice":
      return withNotice(workspace, event);
    case "bot":
      return { ...workspace, botConnected: event.connected };
    case "read":
      return { ...workspace, unread: { ...workspace.unread, [event.channel]: 0 } };
    default:
      return workspace;
  }
}

function withState(workspace, state) {
  const samePerson = workspace.me === state.me;
  const messages = {};
  for (const [channel, list] of Object.entries(state.messages ?? {})) {
    messages[channel] = [...list].sort(byTime);
  }
  return {
    ...workspace,
    loaded: true,
    me: state.me,
    team: state.team,
    app: state.app,
    users: state.users ?? [],
    channels: state.channels ?? [],
    groups: state.groups ?? [],
    commands: state.commands ?? [],
    subcommands: state.subcommands ?? [],
    messages,
    home: state.home ?? null,
    botConnected: state.bot_connected ?? true,
    views: stillOpen(samePerson ? workspace.views : [], state.view),
    notices: samePerson ? workspace.notices : {},
    unread: samePerson ? workspace.unread : {},
  };
}

export function byTime(one, other) {
  if (one.ts === other.ts) return 0;
  return one.ts < other.ts ? -1 : 1; // ten digits before the dot until the year 2286: text order is time order
}

function withMessage(workspace, message, openChannel) {
  const known = workspace.messages[message.channel] ?? [];
  const isNew = !known.some((each) => each.ts === message.ts);
  const rest = known.filter((each) => each.ts !== message.ts);
  const list = [...rest, message].sort(byTime);
  const unread = { ...workspace.unread };
  if (isNew && message.channel !== openChannel) {
    unread[message.channel] = (unread[message.channel] ?? 0) + 1;
  }
  return { ...workspace, messages: { ...workspace.messages, [message.channel]: list }, unread };
}

function withoutMessage(workspace, message) {
  const known = workspace.messages[message.channel] ?? [];
  const list = known.filter((each) => each.ts !== message.ts);
  return { ...workspace, messages: { ...workspace.messages, [message.channel]: list } };
}

// A notice has no time of its own: it stands after the last message that was there when it came.
function withNotice(workspace, { text, channel, thread }) {
  const messages = workspace.messages[channel] ?? [];
  const after = messages.length ? messages[messages.length - 1].ts : "";
  const known = workspace.notices[channel] ?? [];
  const notice = { key: `notice-${known.length}`, text, after, thread: thread ?? null };
  return { ...workspace, notices: { ...workspace.notices, [channel]: [...known, notice] } };
}

// After a reload only the modal on top is known; the workspace shows the ones below when it is closed.
function stillOpen(stack, top) {
  return top ? shownOnTop(stack, top) : [];
}

function shownOnTop(stack, view) {
  const index = stack.findIndex((each) => each.id === view.id);
  return index === -1 ? [view] : [...stack.slice(0, index), view];
}

function viewStack(stack, { op, view }) {
  if (op === "open") return shownOnTop(stack, view);
  if (op === "push") return [...stack.filter((each) => each.id !== view.id), view];
  if (op === "update") return stack.map((each) => (each.id === view.id ? view : each));
  if (op === "close") {
    if (!view?.id) return [];
    const index = stack.findIndex((each) => each.id === view.id);
    return index === -1 ? stack : stack.slice(0, index);
  }
  return stack;
}

export function repliesOf(messages, ts) {
  return messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
}

export function isReply(message) {
  return Boolean(message.thread_ts) && message.thread_ts !== message.ts;
}
