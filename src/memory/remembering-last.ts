/**
 * The same function, which works nothing out where it is asked for what it was asked for last: on a hot path that nearly always is.
 *
 * @param workOut whose result depends on its argument alone; arguments are compared by `===`
 */
export function rememberingLast<Argument, Result>(
  workOut: (argument: Argument) => Result,
): (argument: Argument) => Result {
  let last: { readonly argument: Argument; readonly result: Result } | undefined;
  return (argument) => {
    if (!last || last.argument !== argument) last = { argument, result: workOut(argument) };
    return last.result;
  };
}
