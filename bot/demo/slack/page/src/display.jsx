// Blocks that only show something, drawn by slack-blocks-to-jsx; one that breaks is shown as its JSON instead.
import { Component, useLayoutEffect, useMemo, useRef } from "react";
import { Message } from "slack-blocks-to-jsx";
import { hideEscaped, restoredAddress, restoreIn } from "./escaping.js";
import { useTheme } from "./theme.js";
import { useWorkspace } from "./workspace_context.js";

const SAFE_LINK = /^(https?:|mailto:|tel:|\/)/i;

function link({ href: given, children, className }) {
  const href = restoredAddress(given ?? "");
  if (!SAFE_LINK.test(href)) return <span>{children}</span>;
  return <a href={href} className={className} target="_blank" rel="noopener noreferrer">{children}</a>;
}

const HOOKS = { link };

export function Display({ block }) {
  const { workspace } = useWorkspace();
  const theme = useTheme();
  const { users, channels, app, groups } = workspace;
  const data = useMemo(
    () => ({
      users: [...users, { id: app.user_id, name: app.name }].map(({ id, name }) => ({ id, name })),
      channels: channels.map(({ id, name }) => ({ id, name })),
      user_groups: groups.map(({ id, handle }) => ({ id, name: handle })),
    }),
    [users, channels, app, groups],
  );
  const drawn = useRef(null);
  useLayoutEffect(() => restoreIn(drawn.current));
  return (
    <div ref={drawn}>
      <BlockBoundary key={JSON.stringify(block)} block={block}>
        <Message withoutWrapper blocks={[hideEscaped(block)]} theme={theme} data={data} hooks={HOOKS} />
      </BlockBoundary>
    </div>
  );
}

class BlockBoundary extends Component {
  state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  render() {
    return this.state.failed ? <UnknownBlock block={this.props.block} /> : this.props.children;
  }
}

export function UnknownBlock({ block }) {
  return (
    <details className="unknown">
      <summary>This page cannot draw the block “{String(block.type)}”</summary>
      <pre>{JSON.stringify(block, null, 2)}</pre>
    </details>
  );
}
