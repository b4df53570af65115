// The messages of `diagnose`, in English and in Chinese. Not here: which message applies (diagnose.ts).
import type { Language } from "../generated/codes.js";
import { engines } from "../wasm/loading.js";

/** The checks of a diagnosis, in this order. */
export type DiagnosisCheck =
  /** WebAssembly runs. */
  | "wasm"
  /** The page's Content-Security-Policy allows WebAssembly and requests to the server. Only in browsers. */
  | "csp"
  /** The page is not https with an http server. Only in browsers. */
  | "mixed-content"
  /** The proxy answers, and the server behind it. */
  | "connection"
  /** The server allows this page to read its answers (CORS). Only in browsers. */
  | "cors"
  /** The answer comes from the API, not from a web page or another API. */
  | "base-url"
  /** The user is signed in; the answer is not a login page. */
  | "sign-in"
  /** The clock of the signer. */
  | "clock"
  /** The key and the signature. */
  | "signature"
  /** The answer is an answer of `getTasks`. */
  | "answer";

/** A finding and its fix. @internal */
export type Message = readonly [detail: string, fix?: string];
/** The message of a check that passed. @internal */
export const ok: Record<Language, string> = { en: "in order", zh: "正常" };

/**
 * The message of each finding, and the check that it fails. `{server}`, `{url}`, `{status}` and `{said}` are filled in.
 *
 * @internal
 */
export const messages = {
  wasm: {
    check: "wasm",
    en: [
      "WebAssembly does not run: {said}",
      `Use ${engines.join(", ")} or newer, without a lockdown mode; with byrobot-calls/streaming see that the .wasm file is served.`,
    ],
    zh: [
      "WebAssembly 无法运行：{said}",
      `请使用 ${engines.join("、")} 或更高版本，并关闭锁定模式；使用 byrobot-calls/streaming 时请确认 .wasm 文件已部署。`,
    ],
  },
  wasmPolicy: {
    check: "csp",
    en: [
      "The page's Content-Security-Policy forbids WebAssembly.",
      "Add 'wasm-unsafe-eval' to script-src ('unsafe-eval' before Chrome 97).",
    ],
    zh: [
      "页面的内容安全策略（CSP）禁止了 WebAssembly。",
      "在 script-src 中加入 'wasm-unsafe-eval'（Chrome 97 之前为 'unsafe-eval'）。",
    ],
  },
  policy: {
    check: "csp",
    en: [
      "The page's Content-Security-Policy forbids requests to {server}.",
      "Add {server} to connect-src.",
    ],
    zh: ["页面的内容安全策略（CSP）禁止请求 {server}。", "在 connect-src 中加入 {server}。"],
  },
  mixed: {
    check: "mixed-content",
    en: [
      "The page is https and {server} is http: browsers block that.",
      'Serve the API by https, preferably by a proxy on the page\'s own server: baseUrl: "/byrobot".',
    ],
    zh: [
      "页面是 https，而 {server} 是 http，浏览器会拦截（混合内容）。",
      '请改用 https，最好经由与页面同源的代理：baseUrl: "/byrobot"。',
    ],
  },
  offline: {
    check: "connection",
    en: ["This device is offline.", "Connect it."],
    zh: ["设备处于离线状态。", "请连接网络。"],
  },
  silent: {
    check: "connection",
    en: [
      "Nothing answers at {server}{said}.",
      "Is the proxy running? Check host and port of baseUrl.",
    ],
    zh: ["{server} 没有应答{said}。", "代理启动了吗？请检查 baseUrl 的主机与端口。"],
  },
  broken: {
    check: "connection",
    en: [
      "{server} begins to answer, but the connection breaks before the end.",
      "Check the proxy's log, and its limits on the time and the size of answers.",
    ],
    zh: [
      "{server} 的应答中途断开，没有完整返回。",
      "请查看代理的日志，以及它对应答时间和大小的限制。",
    ],
  },
  slow: {
    check: "connection",
    en: [
      "No answer from {server} within 10 seconds.",
      "Check the proxy, the server behind it, and any firewall in between.",
    ],
    zh: ["{server} 在 10 秒内没有应答。", "请检查代理、上游服务以及中间的防火墙。"],
  },
  queued: {
    check: "connection",
    en: [
      "{server} was not asked in time: other requests of this client take every slot (maxConcurrency).",
      "Wait for their end, give them a timeout, or raise maxConcurrency; then diagnose again.",
    ],
    zh: [
      "未能及时向 {server} 发出请求：该客户端的其他请求占满了并发数（maxConcurrency）。",
      "请等待它们结束、为它们设置 timeout 或调大 maxConcurrency，然后重新诊断。",
    ],
  },
  fetch: {
    check: "connection",
    en: [
      "Nothing can be sent: {said}",
      "Correct the client's fetch option; it gets a URL and options.",
    ],
    zh: ["无法发出请求：{said}", "请修正客户端的 fetch 选项：它的参数是 URL 和请求选项。"],
  },
  gateway: {
    check: "connection",
    en: [
      "{server} answers HTTP {status}: the proxy does not reach the server behind it.",
      "Check the proxy's upstream address and its log.",
    ],
    zh: ["{server} 返回 HTTP {status}：代理无法连接上游服务。", "请检查代理的上游地址及其日志。"],
  },
  cors: {
    check: "cors",
    en: [
      "{server} answers, but does not allow this page to read the answer (CORS).",
      "Use a proxy on the page's own server, see byrobot-calls/server; the vendor's server allows no page.",
    ],
    zh: [
      "{server} 有应答，但不允许本页面读取（跨域 CORS）。",
      "请经由与页面同源的代理访问，见 byrobot-calls/server；厂商服务器不对网页开放跨域。",
    ],
  },
  nothing: {
    check: "base-url",
    en: [
      "There is no API at {url} (HTTP {status}).",
      "Correct baseUrl: it is the part before /openapi/v1/task.",
    ],
    zh: [
      "{url} 处没有接口（HTTP {status}）。",
      "请更正 baseUrl：它是 /openapi/v1/task 之前的部分。",
    ],
  },
  page: {
    check: "base-url",
    en: [
      "{url} answers with a web page.",
      "Most apps answer every unknown address with their page: correct baseUrl, or the proxy's route.",
    ],
    zh: ["{url} 返回的是网页。", "多数应用对未知地址都返回首页：请更正 baseUrl 或代理的路由。"],
  },
  other: {
    check: "base-url",
    en: [
      "{url} answers with JSON that is not the vendor's.",
      "Is baseUrl that of another API? Correct it.",
    ],
    zh: ["{url} 返回的 JSON 不是百应接口的格式。", "baseUrl 是否指向了别的接口？请更正。"],
  },
  login: {
    check: "sign-in",
    en: [
      "The answer is a login page instead of data.",
      "Sign in again; and let the proxy answer requests for data with 401 instead of a redirect.",
    ],
    zh: ["返回的是登录页而不是数据。", "请重新登录；并让代理对数据请求返回 401，而不是重定向。"],
  },
  stranger: {
    check: "sign-in",
    en: [
      "Not signed in (HTTP {status}).",
      "Sign in; or set the client's credentials or headers that the proxy requires.",
    ],
    zh: [
      "未登录（HTTP {status}）。",
      "请登录；或在客户端选项中提供代理要求的 credentials、headers。",
    ],
  },
  clock: {
    check: "clock",
    en: [
      "The signed date is more than three minutes off.",
      "Set the clock of the machine that signs (NTP). createProxy of byrobot-calls/server corrects the date by itself.",
    ],
    zh: [
      "签名时间与服务器相差超过三分钟。",
      "请校准签名机器的时钟（NTP）；byrobot-calls/server 的 createProxy 会自动校正。",
    ],
  },
  headers: {
    check: "signature",
    en: ["The client has no headers: {said}", "Correct the function that returns them."],
    zh: ["无法取得请求头：{said}", "请修正提供请求头的函数。"],
  },
  signature: {
    check: "signature",
    en: [
      "The server refuses the signature.",
      'Check the AppKey and the AppSecret of the signer: sign = Base64(HMAC-SHA1(AppSecret, AppKey + "\\n" + datetime)).',
    ],
    zh: [
      "服务器拒绝了签名（校验数据错误）。",
      '请检查签名方的 AppKey 与 AppSecret：sign = Base64(HMAC-SHA1(AppSecret, AppKey + "\\n" + datetime))。',
    ],
  },
  account: {
    check: "signature",
    en: [
      "The AppKey is unknown, or may not see this company (403).",
      "Check the AppKey, and who is signed in; give diagnose() a companyId of yours.",
    ],
    zh: [
      "AppKey 无效，或无权查看该公司（403）。",
      "请检查 AppKey 与当前登录用户；调用 diagnose() 时请传入自己的 companyId。",
    ],
  },
  answer: { check: "answer", en: ["{said}"], zh: ["{said}"] },
} satisfies Record<string, { check: DiagnosisCheck } & Record<Language, Message>>;

/** @internal */
export type Finding = keyof typeof messages;
