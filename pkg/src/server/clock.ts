// The vendor's clock, and dates as HTTP writes them. Not here: when it is corrected (upstream.ts).

/** A correction beyond this is not believed: no clock of a server is off by days. */
const greatestCorrection = 24 * 60 * 60 * 1000;

/** The instant of an IMF-fixdate, `Thu, 13 Dec 2018 01:27:17 GMT`; `undefined` for every other spelling. */
export function instantOf(date: string | null): number | undefined {
  const instant = Date.parse(date ?? "");
  const isFixdate = date?.length === 29 && new Date(instant).toUTCString() === date;
  return isFixdate ? instant : undefined;
}

/** The vendor's clock, as far as its answers tell how far ours is off. */
export class VendorClock {
  /** Milliseconds that the vendor's clock is ahead of ours. */
  ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** Sets the clock by the `Date` header of an answer, if that is a date at most a day off. */
  correct(header: string | null): void {
    const ahead = (instantOf(header) ?? NaN) - Date.now();
    // The header counts in seconds.
    const isMoved = Math.abs(ahead - this.ahead) > 1000;
    if (isMoved && Math.abs(ahead) <= greatestCorrection) this.ahead = ahead;
  }
}
