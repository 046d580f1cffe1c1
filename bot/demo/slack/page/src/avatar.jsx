// A person's initial on a colour, or the bot's coin.
import { colourOf } from "./people.js";

export function Avatar({ id, name, bot = false, small = false }) {
  const classes = ["avatar", bot && "avatar--bot", small && "avatar--small"].filter(Boolean).join(" ");
  const style = bot ? undefined : { background: colourOf(id) };
  return (
    <span className={classes} style={style} aria-hidden="true">
      {bot ? <Coin /> : (name ?? "?").slice(0, 1).toUpperCase()}
    </span>
  );
}

function Coin() {
  return (
    <svg viewBox="0 0 24 24" width="70%" height="70%" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
      <path d="M3 7l6 6 4-4 8 8" />
      <path d="M15 17h6v-6" />
    </svg>
  );
}
