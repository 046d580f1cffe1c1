// Starts the page: the local Slack workspace in the browser.
import "slack-blocks-to-jsx/dist/style.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/messages.css";
import "./styles/blocks.css";
import "./styles/chart.css";
import "./styles/modal.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.jsx";

createRoot(document.getElementById("root")).render(<App />);
