// Texts of the page of all calls, of its compliance panels, and of the price, in both languages.

export const zhPrice = {
  label: "每计费分钟单价（元）",
  none: "未填写",
  unit: "/ 分钟",
  hint: "接口不提供单价。填写后才显示成本，只保存在这个浏览器里。",
  wrong: "请填写 0 到 100 之间的金额，最多四位小数。",
  remove: "清除单价",
  perLead: "意向成本",
  formula: "单价 × 计费分钟 ÷ 接通通话中的 A、B 级数",
  typed: "单价为您填写",
  note: "意向成本的单价为您填写。",
  total: "共 {cost}",
  interval: "95% 区间 {low}–{high}",
  reason: { few: "样本不足", noLeads: "无 A/B 意向" },
};

export const enPrice: typeof zhPrice = {
  label: "Price per billable minute (CNY)",
  none: "none",
  unit: "/ minute",
  hint: "The API has no price. Costs are shown once you type one; it stays in this browser.",
  wrong: "Type an amount above 0, at most 100, with at most four decimals.",
  remove: "Remove the price",
  perLead: "Cost per A/B",
  formula: "price × billable minutes ÷ answered calls of the levels A and B",
  typed: "The price is the one you typed",
  note: "Costs are at the price you typed.",
  total: "{cost} in all",
  interval: "95 % interval {low}–{high}",
  reason: { few: "too few calls", noLeads: "no A/B leads" },
};

export const zhCalls = {
  title: "通话",
  tabs: "通话与合规",
  tab: { calls: "通话", compliance: "合规检查" },
  facets: "按图筛选",
};

export const enCalls: typeof zhCalls = {
  title: "Calls",
  tabs: "Calls and compliance",
  tab: { calls: "Calls", compliance: "Compliance" },
  facets: "Filter by charts",
};

export const zhCompliance = {};

export const enCompliance: typeof zhCompliance = {};
