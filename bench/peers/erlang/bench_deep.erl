-module(bench_deep).
-export([main/1]).

count(0) -> 0;
count(N) -> 1 + count(N - 1).

main([N0, Repeats]) ->
    N = list_to_integer(N0),
    bench:start(fun() -> bench:measure("deep", list_to_integer(Repeats), 1, fun() -> count(N) end) end).
