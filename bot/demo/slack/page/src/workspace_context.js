// What every component below App may use. The directory changes seldom, the workspace with every event: messages read
// only the directory, so that an event draws the one message it is about and not all of them.
import { createContext, useContext } from "react";

export const Workspace = createContext(null);
export const Directory = createContext(null);

// {workspace, user, dispatch}
export function useWorkspace() {
  return useContext(Workspace);
}

// {users, channels, groups, app, user, dispatch}
export function useDirectory() {
  return useContext(Directory);
}
