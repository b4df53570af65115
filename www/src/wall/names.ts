// Names of lines and tasks, and sentences, without telephone numbers: a wall is read by passers-by.

const digits = /\+?\d(?:[\d -]{4,}\d)/g;

/** The text with each number of six or more digits as its last four: "…5678". Dates and times stay. */
export const withoutNumbers = (text: string): string =>
  text.replace(digits, (number) => {
    const bare = number.replace(/\D/g, "");
    if (bare.length < 6 || /^\d{4}-\d\d-\d\d$/.test(number)) return number;
    return `…${bare.slice(-4)}`;
  });
