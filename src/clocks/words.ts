/** `the newest time in the bundle`, but `manifest.txt`, `--collected-at` and `rows that show …`. */
export function withArticle(basis: string): string {
  return /^(?:--|rows|[^ ]*[./])/u.test(basis) ? basis : `the ${basis}`;
}
