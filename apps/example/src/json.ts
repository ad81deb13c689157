/** JSON that we or the API server wrote: its shape is known, and the tests that use it would show otherwise. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it names what is expected
export function parsed<T>(text: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place for it
  return JSON.parse(text) as T;
}
