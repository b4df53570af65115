// The vendor's clock, and HTTP dates. Not here: when the clock is corrected (upstream.ts).

/** A larger correction is ignored: the clock of a server is not wrong by days. */
const greatestCorrection = 24 * 60 * 60 * 1000;

/** The instant of an IMF-fixdate, `Thu, 13 Dec 2018 01:27:17 GMT`; `undefined` for every other spelling. */
export function instantOf(date: string | null): number | undefined {
  const instant = Date.parse(date ?? "");
  const isFixdate = date?.length === 29 && new Date(instant).toUTCString() === date;
  return isFixdate ? instant : undefined;
}

/** The vendor's clock: ours, with the offset that the vendor's answers show. */
export class VendorClock {
  /** Milliseconds by which the vendor's clock is ahead of ours. */
  ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** Sets the clock by the `Date` header of an answer, if that is a date at most a day off. */
  correct(header: string | null): void {
    const ahead = (instantOf(header) ?? NaN) - Date.now();
    // The header has a resolution of one second.
    const isMoved = Math.abs(ahead - this.ahead) > 1000;
    if (isMoved && Math.abs(ahead) <= greatestCorrection) this.ahead = ahead;
  }
}
