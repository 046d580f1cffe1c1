// Blocks that only show something, drawn by slack-blocks-to-jsx; one that breaks is shown as its JSON instead.
import { Component, useLayoutEffect, useMemo, useRef } from "react";
import { Message } from "slack-blocks-to-jsx";
import { hideEscaped, restoredAddress, restoreIn } from "./escaping.js";
import { useTheme } from "./theme.js";
import { useDirectory } from "./workspace_context.js";

const SAFE_LINK = /^(https?:|mailto:|tel:|\/)/i;

function link({ href: given, children, className }) {
  const href = restoredAddress(given ?? "");
  if (!SAFE_LINK.test(href)) return <span>{children}</span>;
  return <a href={href} className={className} target="_blank" rel="noopener noreferrer">{children}</a>;
}

const HOOKS = { link };

export function Display({ block }) {
  const theme = useTheme();
  const { users, channels, app, groups } = useDirectory();
  const data = useMemo(
    () => ({
      users: [...users, { id: app.user_id, name: app.name }].map(({ id, name }) => ({ id, name })),
      channels: channels.map(({ id, name }) => ({ id, name })),
      user_groups: groups.map(({ id, handle }) => ({ id, name: handle })),
    }),
    [users, channels, app, groups],
  );
  const source = JSON.stringify(block);
  // The library parses its text on every render; a block that did not change is drawn once. It would also make a DOM id
  // of the block_id, which is foreign text and may repeat.
  const picture = useMemo(() => {
    const { block_id: _id, ...shown } = JSON.parse(source);
    return <Message withoutWrapper blocks={[hideEscaped(shown)]} theme={theme} data={data} hooks={HOOKS} />;
  }, [source, theme, data]);
  const drawn = useRef(null);
  useLayoutEffect(() => restoreIn(drawn.current), [picture]);
  return (
    <div ref={drawn}>
      <BlockBoundary key={source} block={block}>{picture}</BlockBoundary>
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
