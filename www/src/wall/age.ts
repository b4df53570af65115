// How long ago something was, in words.

type Translate = (key: string, values: Record<string, unknown>) => string;

/** "20 秒前", "5 分钟前", "2 小时前". */
export function ageText(ms: number, t: Translate): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t("wall.age.seconds", { n: seconds });
  if (seconds < 3600) return t("wall.age.minutes", { n: Math.floor(seconds / 60) });
  return t("wall.age.hours", { n: Math.floor(seconds / 3600) });
}
