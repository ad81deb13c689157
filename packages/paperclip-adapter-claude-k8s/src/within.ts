/** Whether one path is the other, or lies in it. Both without `..`, and without a slash at the end but for `/`. */
export function isWithin(inner: string, outer: string): boolean {
  return `${inner}/`.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}
