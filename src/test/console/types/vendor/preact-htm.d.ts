// What the vendored file exports of Preact and htm, as far as the console uses it.
import type { ComponentChild } from "preact";

export { createContext, render } from "preact";
export {
  useCallback,
  useContext,
  useEffect,
  useErrorBoundary,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "preact/hooks";
export function html(strings: TemplateStringsArray, ...values: unknown[]): ComponentChild;
