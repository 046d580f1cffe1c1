// Light or dark, as the reader's system prefers.
import { useSyncExternalStore } from "react";

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function subscribe(onChange) {
  prefersDark.addEventListener("change", onChange);
  return () => prefersDark.removeEventListener("change", onChange);
}

export function useTheme() {
  return useSyncExternalStore(subscribe, () => (prefersDark.matches ? "dark" : "light"));
}
