// Texts of the settings, in both languages. They come with the page.
import { i18n } from "./index";

const zhSettings = {
  title: "设置",
  about: "都只保存在这个浏览器里。",
  on: "开启",
  save: "保存",
  open: "打开",
  source: "数据来源",
  proxy: {
    name: "代理地址",
    hint: "签名代理的地址，如 https://calls.example.com/byrobot 或 /byrobot。留空：本页所在的服务器。",
    demo: "这是演示：请求由页面里的沙箱应答，不经过服务器。",
    own: "本页所在的服务器",
    saved: "已保存，正在从这个地址读取通话。",
    fault: {
      malformed: "这不是网址。请写成 https://… 或以 / 开头的路径。",
      scheme: "只能是 https:// 或 http:// 的地址。",
      credentials: "地址里不能有用户名和密码。",
      query: "地址里不能有 ? 或 # 之后的部分。",
      mixed: "本页是 https，浏览器会拦截 http 的代理。请改用 https。",
    },
  },
  company: { name: "公司", hint: "公司 ID，在百应后台可以查到。", fault: "公司 ID 是一个正整数。" },
  look: "显示",
  language: "语言",
  theme: { name: "主题", system: "跟随系统", light: "浅色", dark: "深色" },
  phones: {
    name: "客户的号码",
    hint: "默认打码。显示只在这次打开页面时有效，刷新后重新打码；导出的 CSV 与此一致。",
    show: "显示完整号码",
  },
  keys: { name: "单键快捷键", hint: "通话页的 J、K、空格等。按 ? 查看全部。" },
  costs: { title: "费用", name: "单价", hint: "用于总费用和每个意向客户的成本。" },
  local: "本机数据",
  kept: {
    name: "保存了 {n} 通通话",
    hint: "含客户号码。多人共用这台电脑时，离开前请清除；清除后会重新读取。",
    done: "已清除，正在重新读取。",
  },
  developer: "开发者",
  codeHint: "每块图表和表格上出现代码按钮，点开是算出这些数字的 TypeScript。",
  referenceHint: "npm 包 byrobot-calls 的指南和全部名称。",
  drawerHint: "沙箱、故障与类型化错误、接入诊断。",
};

const enSettings: typeof zhSettings = {
  title: "Settings",
  about: "All of them are kept in this browser only.",
  on: "On",
  save: "Save",
  open: "Open",
  source: "Source of the data",
  proxy: {
    name: "Proxy URL",
    hint: "The proxy that signs, such as https://calls.example.com/byrobot or /byrobot. Empty: the server of this page.",
    demo: "This is the demo: the sandbox inside of the page answers, no server is asked.",
    own: "The server of this page",
    saved: "Saved. The calls are read from this address.",
    fault: {
      malformed: "This is no URL. Write https://… or a path that begins with /.",
      scheme: "Only https:// and http:// are possible.",
      credentials: "A user name or a password cannot be part of it.",
      query: "Nothing after ? or # can be part of it.",
      mixed: "This page is https, and browsers block a proxy at http. Use https.",
    },
  },
  company: {
    name: "Company",
    hint: "Its id, as the vendor's console shows it.",
    fault: "The id is a positive whole number.",
  },
  look: "Appearance",
  language: "Language",
  theme: { name: "Theme", system: "System", light: "Light", dark: "Dark" },
  phones: {
    name: "Customers' numbers",
    hint: "Masked by default. Showing them lasts until the page is reloaded, and holds for exported CSV, too.",
    show: "Show full numbers",
  },
  keys: {
    name: "Single-key shortcuts",
    hint: "J, K, Space and others on the page of a call; ? lists them.",
  },
  costs: {
    name: "Price",
    title: "Cost",
    hint: "For the total cost and the cost of a lead.",
  },
  local: "Data in this browser",
  kept: {
    name: "{n} calls are kept",
    hint: "With customers' numbers. Clear them before you leave a computer that others use; they are then read anew.",
    done: "Cleared. The calls are read anew.",
  },
  developer: "For developers",
  codeHint: "Each chart and table gets a button that opens the TypeScript behind its numbers.",
  referenceHint: "Guides and every name of the npm package byrobot-calls.",
  drawerHint: "The sandbox, its faults and the typed errors, the diagnosis of the set-up.",
};

i18n.global.mergeLocaleMessage("zh", { settings: zhSettings });
i18n.global.mergeLocaleMessage("en", { settings: enSettings });
