// Opens a <dialog> on top of the page while its component lives; closing it gives the focus back.
import { useLayoutEffect } from "react";

export function useModal(dialog) {
  useLayoutEffect(() => {
    const element = dialog.current;
    element.showModal();
    return () => element.close();
  }, [dialog]);
}
