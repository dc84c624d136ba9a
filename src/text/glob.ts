/**
 * Does a name match a glob of `*` (any run) and `?` (one character)?
 *
 * Linear in the name for each star; no regular expression is built, so hostile names cost nothing.
 */
export function matchesGlob(name: string, glob: string): boolean {
  let at = 0;
  let pattern = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    const wanted = glob[pattern];
    if (wanted === '*') {
      star = pattern++;
      resume = at;
    } else if (wanted === '?' || wanted === name[at]) {
      pattern++;
      at++;
    } else if (star >= 0) {
      pattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (glob[pattern] === '*') pattern++;
  return pattern === glob.length;
}
