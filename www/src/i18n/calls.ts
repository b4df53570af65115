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

export const zhCompliance = {
  scope:
    "以上各项都是所选时间范围内的全部通话，不受图上筛选影响。接口每个号码只留末次拨打，所以都是下限。",
  vendorRule: "{vendor}的规则：厂商规则，非法规",
  ownRule: "本页的提醒线：既非厂商规则，也非法规",
  vendors: { baidu: "百度智能云", tencent: "腾讯云", tencentAlibaba: "腾讯云、阿里云（≤ 5 次）" },
  show: "查看这些通话",
  hours: {
    title: "有没有在厂商允许的时段之外拨打？",
    answer: "{n} 通在 09–20 时之外，占 {share}；其中 {wide} 通在 08–21 时之外。",
    none: "{n} 通都在 09–20 时之内。",
    outside: "{from}–{to} 时之外",
    byTask: "涉及的任务",
    cell: "{from}–{to} 时",
    note: "北京时间，按末次拨打计；阴影是 09–20 时之外。",
    untimed: "另有 {n} 通（{share}）没有可读的时间，未计入。",
  },
  repeats: {
    title: "同一个号码被打得太频繁吗？",
    answer: "{n} 个号码在 24 小时内有 {least} 条以上记录，其中 {more} 个超过 {vendors} 条。",
    none: "没有号码在 24 小时内有 {least} 条以上记录。",
    masked: "无法计算。",
    unavailable: "无法计算：号码已打码，看不出哪些通话属于同一个号码。",
    times: "{n} 条",
    within: "24 小时内最多",
    count: "号码数",
    numbers: "{n} 个号码",
    numbersUnit: "个号码",
    least: "≥ {n} 条 / 24 小时",
    more: "> {n} 条 / 24 小时",
    list: "列出这些号码",
    listed: "24 小时内记录最多的号码",
    span: "时间",
    calls: "通话",
    rest: "其余 {n} 个号码没有列出。",
    note: "跨任务统计。每个任务里一个号码只有一条、只记末次拨打，同一任务内的重拨看不到，所以是下限。腾讯云另有 5 分钟内不超过 3 次；火山引擎为 24 小时不超过 10 次：均为厂商规则，非法规。",
    leftOut: "另有 {n} 通的号码缺失或已打码，未计入。",
  },
  blocked: {
    title: "有多少号码被名单或规则拦下？",
    answer: "黑名单和天盾拦截共 {n} 通，占 {share}。",
    note: "占全部通话的比例和 95% 置信区间，横轴到 {to}。本页在前两项合计超过 {share} 时提醒：既非厂商规则，也非法规。",
  },
};

export const enCompliance: typeof zhCompliance = {
  scope:
    "All calls of the period, whatever is chosen on charts. The API keeps the last try of each number only, so each figure is a lower bound.",
  vendorRule: "Rule of {vendor}: a vendor's rule, not law",
  ownRule: "This page's reminder: neither a vendor's rule nor law",
  vendors: {
    baidu: "Baidu AI Cloud",
    tencent: "Tencent Cloud",
    tencentAlibaba: "Tencent Cloud and Alibaba Cloud (at most 5)",
  },
  show: "Show these calls",
  hours: {
    title: "Were calls made outside the hours?",
    answer: "{n} calls are outside 09–20 h, {share}; {wide} of them outside 08–21 h.",
    none: "All {n} calls are within 09–20 h.",
    outside: "Outside {from}–{to} h",
    byTask: "Their tasks",
    cell: "{from}–{to} h",
    note: "Shanghai time, by the last try. Shaded: outside 09–20 h.",
    untimed: "{n} more calls ({share}) have no readable time.",
  },
  repeats: {
    title: "Are numbers called too often?",
    answer:
      "{n} numbers have {least} or more rows within 24 hours, {more} of them more than {vendors}.",
    none: "No number has {least} or more rows within 24 hours.",
    masked: "Not available.",
    unavailable: "Not available: numbers are masked, so calls of one number cannot be told.",
    times: "{n} rows",
    within: "Most in 24 h",
    count: "Numbers",
    numbers: "{n} numbers",
    numbersUnit: "numbers",
    least: "≥ {n} rows in 24 h",
    more: "> {n} rows in 24 h",
    list: "List these numbers",
    listed: "Numbers with the most rows in 24 hours",
    span: "Time",
    calls: "Calls",
    rest: "{n} more numbers are not listed.",
    note: "Over all tasks. A task keeps one row for each number, of its last try, so redials within a task are not seen: a lower bound. Tencent Cloud also allows 3 in 5 minutes, Volcano Engine 10 in 24 hours: vendors' rules, not law.",
    leftOut: "{n} more calls have no number, or a masked one.",
  },
  blocked: {
    title: "How many numbers are blocked?",
    answer: "Black lists and checks blocked {n} calls, {share}.",
    note: "Shares of all calls with intervals of 95 %, on a scale to {to}. This page reminds when the first two exceed {share} together: neither a vendor's rule nor law.",
  },
};
