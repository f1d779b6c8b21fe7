-module(bench_spawn).
-export([main/1]).

chain(0, Parent) -> Parent ! done;
chain(N, Parent) -> erlang:spawn(fun() -> chain(N - 1, Parent) end).

main([N0]) ->
    N = list_to_integer(N0),
    bench:start(fun() ->
        Me = self(),
        bench:measure("spawn", 1, N, fun() -> chain(N, Me), receive Message -> Message end end)
    end).
