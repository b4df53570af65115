// Names of lines and tasks, and sentences, without telephone numbers: a wall is read by passers-by.

type Translate = (key: string, values: Record<string, unknown>) => string;

const digits = /\+?\d(?:[\d -]{4,}\d)/g;

/** The text with each number of six or more digits as its last four: "尾号 5678". Dates stay. */
export const withoutNumbers = (text: string, t: Translate): string =>
  text.replace(digits, (number) => {
    const bare = number.replace(/\D/g, "");
    if (bare.length < 6 || /^\d{4}-\d\d-\d\d$/.test(number)) return number;
    return t("wall.tail", { digits: bare.slice(-4) });
  });
