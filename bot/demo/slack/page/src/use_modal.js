// Opens a <dialog> on top of the page while its component lives; closing it gives the focus back.
// The first field gets the focus, or the first button of the footer, which is the one that changes nothing.
import { useLayoutEffect } from "react";

export function useModal(dialog) {
  useLayoutEffect(() => {
    const element = dialog.current;
    element.showModal();
    focusFirst(element);
    return () => element.close();
  }, [dialog]);
}

const FIRST = [".dialog__body [data-focus]", ".dialog__body :is(input, select, textarea)", ".dialog__footer button"];

export function focusFirst(dialog) {
  const found = FIRST.map((selector) => dialog.querySelector(selector)).find(Boolean);
  found?.focus();
}
