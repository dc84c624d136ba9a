/** Calendar arithmetic in UTC. Months are 1..12, weekdays 0 (Sunday) .. 6. */

export const DAY_MS = 86_400_000;

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Does this day exist in that year? Only 29 February can tell. */
export function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Epoch ms of a date and time of day read as UTC. Years 0..99 are taken as they stand. */
export function utcMs(year: number, month: number, day: number, msOfDay = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() + msOfDay;
}

export function yearOf(epochMs: number): number {
  return new Date(epochMs).getUTCFullYear();
}

export function weekdayOf(year: number, month: number, day: number): number {
  return new Date(utcMs(year, month, day)).getUTCDay();
}

/** `Fri`, `Friday` → 5; undefined for anything but an English weekday. */
export function weekdayNumber(word: string): number | undefined {
  const index = WEEKDAYS.indexOf(word.slice(0, 3).toLowerCase());
  return index < 0 || word.length < 3 ? undefined : index;
}
