-module(bench_tak).
-export([main/1]).

tak(X, Y, Z) when Y < X -> tak(tak(X - 1, Y, Z), tak(Y - 1, Z, X), tak(Z - 1, X, Y));
tak(_, _, Z) -> Z.

main([X0, Y0, Z0, Repeats]) ->
    [X, Y, Z] = [list_to_integer(S) || S <- [X0, Y0, Z0]],
    bench:start(fun() -> bench:measure("tak", list_to_integer(Repeats), 1, fun() -> tak(X, Y, Z) end) end).
