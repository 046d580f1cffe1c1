// The workspace, the person looking at it, and the way to send it events, for every component below App.
import { createContext, useContext } from "react";

export const Workspace = createContext(null);

export function useWorkspace() {
  return useContext(Workspace);
}
