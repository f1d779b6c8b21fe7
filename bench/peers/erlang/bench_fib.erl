-module(bench_fib).
-export([main/1]).

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).

main([N0, Repeats]) ->
    N = list_to_integer(N0),
    bench:start(fun() -> bench:measure("fib", list_to_integer(Repeats), 1, fun() -> fib(N) end) end).
