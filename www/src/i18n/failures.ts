// Texts for the errors of the package, by code, in both languages.
import type { ErrorCode } from "byrobot-calls/streaming";

export const zhFailures = {
  network: {
    title: "连不上服务器",
    text: "请检查网络后重试。若一直如此，可能是代理没有启动。",
  },
  timeout: { title: "服务器太久没有回应", text: "可能正忙，请稍后重试。" },
  unauthorized: {
    title: "身份校验没有通过",
    text: "请管理员检查服务端的 AppKey 和 AppSecret。",
  },
  forbidden: {
    title: "没有权限查看",
    text: "请确认公司 ID 属于当前账号，或请管理员开通权限。",
  },
  not_found: { title: "没有找到", text: "可能已被删除，或地址里的编号有误。" },
  rate_limited: { title: "请求太频繁", text: "请等一会儿再重试。" },
  clock_skew: {
    title: "时间对不上",
    text: "签名时间与百应服务器相差超过 3 分钟。请校准服务端的时钟。",
  },
  rejected_parameters: {
    title: "百应不接受这组条件",
    text: "请修改或清除筛选条件后重试。",
  },
  server: { title: "服务器出错了", text: "不是您的操作有误，请稍后重试。" },
  vendor: { title: "百应没有给出结果", text: "详细信息里有百应的说明，可以据此联系客服。" },
  http: { title: "服务器给出了意外的回应", text: "请稍后重试；若一直如此，请联系管理员。" },
  not_json: {
    title: "收到的不是数据",
    text: "可能需要重新登录，或请求被网关拦下了。请刷新页面，或联系管理员。",
  },
  unexpected_shape: {
    title: "看不懂收到的数据",
    text: "百应的数据格式可能变了。请把详细信息发给开发者。",
  },
  headers: { title: "没能准备好身份信息", text: "请重新登录后重试。" },
  fetch: { title: "请求没能发出", text: "页面的请求设置有误，请告诉开发者。" },
  invalid_argument: {
    title: "这组条件无法查询",
    text: "地址里的某个条件超出了范围。请清除筛选条件后重试。",
  },
  paging_unstable: { title: "列表一直在变", text: "任务正在拨打，请稍后重试。" },
  snapshot: { title: "本地缓存读不出来", text: "请清除本站数据后刷新页面。" },
  out_of_memory: { title: "内存不够了", text: "请关闭其他标签页，或缩小范围后重试。" },
  internal: { title: "页面出错了", text: "是我们的问题。请刷新页面；若再次出现，请告诉开发者。" },
} satisfies Record<ErrorCode, { title: string; text: string }>;

export const enFailures: typeof zhFailures = {
  network: {
    title: "The server cannot be reached",
    text: "Check your connection and retry. If it stays like this, the proxy may not be running.",
  },
  timeout: { title: "The server took too long", text: "It may be busy. Retry in a moment." },
  unauthorized: {
    title: "The identity check failed",
    text: "Ask an administrator to check the AppKey and AppSecret on the server.",
  },
  forbidden: {
    title: "You may not see this",
    text: "Check that the company id belongs to this account, or ask an administrator for access.",
  },
  not_found: {
    title: "Not found",
    text: "It may have been deleted, or the number in the address is wrong.",
  },
  rate_limited: { title: "Too many requests", text: "Wait a moment, then retry." },
  clock_skew: {
    title: "The clocks disagree",
    text: "The signed time is more than 3 minutes off. Set the clock of the signing server.",
  },
  rejected_parameters: {
    title: "BYRobot does not accept these conditions",
    text: "Change or clear the filters, then retry.",
  },
  server: { title: "The server failed", text: "Nothing you did. Retry in a moment." },
  vendor: {
    title: "BYRobot gave no answer",
    text: "The details hold its own words; quote them to support.",
  },
  http: {
    title: "The server answered unexpectedly",
    text: "Retry in a moment; if it goes on, tell an administrator.",
  },
  not_json: {
    title: "What came back is not data",
    text: "You may have to sign in again, or a gateway stepped in. Reload the page or tell an administrator.",
  },
  unexpected_shape: {
    title: "The data cannot be read",
    text: "BYRobot may have changed its format. Send the details to the developers.",
  },
  headers: { title: "Your identity could not be prepared", text: "Sign in again, then retry." },
  fetch: {
    title: "The request could not be sent",
    text: "This page is set up wrongly. Please tell the developers.",
  },
  invalid_argument: {
    title: "These conditions cannot be asked for",
    text: "A condition in the address is out of range. Clear the filters, then retry.",
  },
  paging_unstable: {
    title: "The list keeps changing",
    text: "The task is still dialling. Retry in a moment.",
  },
  snapshot: {
    title: "The local cache cannot be read",
    text: "Clear this site's data and reload the page.",
  },
  out_of_memory: {
    title: "Not enough memory",
    text: "Close other tabs, or ask for less, then retry.",
  },
  internal: {
    title: "The page failed",
    text: "This one is on us. Reload the page; if it comes back, tell the developers.",
  },
};
