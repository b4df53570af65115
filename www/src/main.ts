// The entry point of the dashboard: it creates and mounts the app.
import { createApp } from "vue";
import App from "./App.vue";
import { i18n } from "./i18n";
import { router } from "./router";
import "./settings/language";
import "./settings/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/print.css";

createApp(App).use(i18n).use(router).mount("#app");
